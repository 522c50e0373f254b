package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final WriteStatement delete;

    /** For a table as it is now; {@code stream} is the one that writes it. */
    public RowWriter(AppliedTable table, String stream) {
        this.table = table;
        this.stream = stream;
        this.delete = WriteStatement.delete(table);
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

    /** The same in the form in which the server looks for what it rejects, so that the two cannot contradict each other. */
    int writeJson(Connection connection, List<ValidChange> changes) throws SQLException {
        int effective = 0;
        for (ChangeSet changeSet : changeSets(changes)) {
            effective += changeSet.writeJson(connection, stream);
        }
        return effective;
    }

    /** Splits changes into what one statement carries each: deletions first, then those with the same columns together. */
    public List<ChangeSet> changeSets(List<ValidChange> changes) {
        Map<WriteStatement, List<ValidChange>> byStatement = new LinkedHashMap<>();
        List<ValidChange> deletions = new ArrayList<>();
        byStatement.put(delete, deletions);
        // By the columns first: to look a statement up for each change would cost more than to add the change.
        Map<List<String>, List<ValidChange>> alike = new HashMap<>();
        for (ValidChange change : changes) {
            List<ValidChange> same = change.action() == Action.DELETE
                    ? deletions
                    : alike.computeIfAbsent(
                            change.columns(),
                            names -> byStatement.computeIfAbsent(upsert(names), first -> new ArrayList<>()));
            same.add(change);
        }
        return byStatement.entrySet().stream()
                .flatMap(entry -> split(entry.getKey(), entry.getValue()))
                .toList();
    }

    private WriteStatement upsert(List<String> columns) {
        // In one order, else every order would be a statement of its own.
        List<String> names = columns.stream().sorted().toList();
        WriteStatement known = upserts.get(names);
        if (known == null) {
            if (upserts.size() >= MOST_STATEMENTS) {
                upserts.clear();
            }
            known = upsertOf(names);
            upserts.put(names, known);
        }
        return known;
    }

    private WriteStatement upsertOf(List<String> names) {
        return WriteStatement.upsert(
                table,
                names.stream()
                        .flatMap(name -> table.columnOf(name, names).stream())
                        .filter(column -> !column.column().generated())
                        .toList());
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
