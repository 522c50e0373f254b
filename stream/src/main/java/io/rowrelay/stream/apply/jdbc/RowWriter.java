package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Writes changes of distinct keys to the destination table, set by set. Not thread-safe. */
public final class RowWriter {
    /** What one statement carries at most, so that wide rows cannot fill the memory of either side. */
    private static final int STATEMENT_BYTES = 8 << 20;
    /** The writer of the records chooses which columns go together, so what is kept of that must have a limit. */
    private static final int MOST_STATEMENTS = 100;

    private final AppliedTable table;
    private final String stream;
    private final Map<List<String>, WriteStatement> upserts = new HashMap<>();
    private final Map<List<String>, WriteStatement> deletes = new HashMap<>();
    private final Optional<WriteStatement> delete;

    /** For a table as it is now; {@code stream} is the one that writes it. */
    public RowWriter(AppliedTable table, String stream) {
        this.table = table;
        this.stream = stream;
        this.delete = table.keyless() ? Optional.empty() : Optional.of(WriteStatement.delete(table));
    }

    /** The table. */
    public AppliedTable table() {
        return table;
    }

    String stream() {
        return stream;
    }

    /** Writes, deletions first; {@code effective} gets, once or more, the number of changes that took effect. */
    public void write(RoundTrips trips, List<ValidChange> changes, IntConsumer effective)
            throws SQLException, OutageException {
        List<ValidChange> deletions = changes.stream()
                .filter(change -> change.action() == Action.DELETE)
                .toList();
        for (ChangeSet changeSet : changeSets(changes)) {
            changeSet.write(trips, stream, deletions, effective);
        }
    }

    /** Deletes the rows of the changes' keys, whatever the changes do. The table has a key. */
    public void clear(RoundTrips trips, List<ValidChange> changes) throws SQLException, OutageException {
        for (ChangeSet changeSet : split(delete.orElseThrow(), changes).toList()) {
            changeSet.write(trips, stream, List.of(), cleared -> {});
        }
    }

    /** Sets these columns to NULL in the rows of the changes' keys, whatever the changes do. The table has a key and no fence. */
    public void park(RoundTrips trips, List<ValidChange> changes, List<String> columns)
            throws SQLException, OutageException {
        for (ChangeSet changeSet :
                split(WriteStatement.park(table, columns), changes).toList()) {
            changeSet.write(trips, stream, List.of(), parked -> {});
        }
    }

    /**
     * Deletes the rows of the changes' keys for which a condition in SQL holds that calls the row shown; returns how many. The table has
     * a key and no fence.
     */
    public int deleteWhere(Connection connection, List<ValidChange> changes, String condition) throws SQLException {
        return new ChangeSet(WriteStatement.deleteWhere(table, condition), changes).writeJson(connection, stream);
    }

    /** Gives the row of a change another key and what else the new image says. The table has a key and no fence. */
    public int moveKey(Connection connection, ValidChange from, ValidChange to) throws SQLException {
        List<AppliedColumn> key = table.keyColumns();
        WriteStatement statement = delete.orElseThrow();
        try (PreparedStatement moved =
                RolePath.prepare(connection, new ApplyStatements(table, ApplyStatements.Form.RAW_JSON).moveKey(key))) {
            moved.setBytes(
                    1, RecordArray.of(List.of(statement.rewritten(from.json()))).bytes());
            moved.setBytes(
                    2, RecordArray.of(List.of(statement.rewritten(to.json()))).bytes());
            moved.executeUpdate();
        }
        return writeJson(connection, List.of(to));
    }

    /** The same in the form in which the server looks for what it rejects, so that the two cannot contradict each other. */
    public int writeJson(Connection connection, List<ValidChange> changes) throws SQLException {
        int effective = 0;
        for (ChangeSet changeSet : changeSets(changes)) {
            effective += changeSet.writeJson(connection, stream);
        }
        return effective;
    }

    /** Splits changes into what one statement carries each: deletions first, then those with the same columns together. */
    public List<ChangeSet> changeSets(List<ValidChange> changes) {
        Map<WriteStatement, List<ValidChange>> byStatement = new LinkedHashMap<>();
        List<ValidChange> deletions = changes.stream()
                .filter(change -> change.action() == Action.DELETE)
                .toList();
        if (delete.isPresent()) {
            byStatement.put(delete.get(), deletions);
        } else {
            collect(deletions, this::deleteEqualRows, byStatement);
        }
        List<ValidChange> images = deletions.isEmpty()
                ? changes
                : changes.stream()
                        .filter(change -> change.action() != Action.DELETE)
                        .toList();
        collect(images, this::upsert, byStatement);
        return byStatement.entrySet().stream()
                .flatMap(entry -> split(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static void collect(
            List<ValidChange> changes,
            Function<List<String>, WriteStatement> statement,
            Map<WriteStatement, List<ValidChange>> byStatement) {
        // By the columns first: to look a statement up for each change would cost more than to add the change.
        Map<List<String>, List<ValidChange>> alike = new HashMap<>();
        for (ValidChange change : changes) {
            alike.computeIfAbsent(
                            change.columns(),
                            names -> byStatement.computeIfAbsent(statement.apply(names), first -> new ArrayList<>()))
                    .add(change);
        }
    }

    private WriteStatement upsert(List<String> columns) {
        return known(upserts, columns, written -> WriteStatement.upsert(table, written));
    }

    private WriteStatement deleteEqualRows(List<String> columns) {
        return known(deletes, columns, compared -> WriteStatement.deleteEqualRows(table, compared));
    }

    private WriteStatement known(
            Map<List<String>, WriteStatement> statements,
            List<String> columns,
            Function<List<AppliedColumn>, WriteStatement> made) {
        // In one order, else every order would be a statement of its own.
        List<String> names = columns.stream().sorted().toList();
        WriteStatement known = statements.get(names);
        if (known == null) {
            if (statements.size() >= MOST_STATEMENTS) {
                statements.clear();
            }
            known = made.apply(names.stream()
                    .flatMap(name -> table.columnOf(name, names).stream())
                    .filter(column -> !column.column().generated())
                    .toList());
            statements.put(names, known);
        }
        return known;
    }

    private static Stream<ChangeSet> split(WriteStatement statement, List<ValidChange> changes) {
        Stream.Builder<ChangeSet> changeSets = Stream.builder();
        int from = 0;
        while (from < changes.size()) {
            int to = from;
            long bytes = 0;
            while (to < changes.size() && (to == from || bytes < STATEMENT_BYTES)) {
                bytes += changes.get(to).json().length;
                to++;
            }
            changeSets.add(new ChangeSet(statement, changes.subList(from, to)));
            from = to;
        }
        return changeSets.build();
    }
}
