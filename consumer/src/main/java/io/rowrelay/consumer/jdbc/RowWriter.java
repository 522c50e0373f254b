package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.apply.DestinationBehindException;
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
final class RowWriter {
    /** What one statement carries at most, so that wide rows cannot fill the memory of either side. */
    private static final int STATEMENT_BYTES = 8 << 20;
    /** Whoever writes the records chooses which columns go together, so what is kept of that must end somewhere. */
    private static final int MOST_STATEMENTS = 100;

    private final DestinationTable table;
    private final String stream;
    private final Map<List<String>, WriteStatement> upserts = new HashMap<>();
    private final WriteStatement delete;

    RowWriter(DestinationTable table, String stream) {
        this.table = table;
        this.stream = stream;
        this.delete = WriteStatement.delete(table);
    }

    DestinationTable table() {
        return table;
    }

    String stream() {
        return stream;
    }

    /** Writes, deletions first; {@code effective} is told, once or more, how many changes took effect. */
    void write(RoundTrips trips, List<ValidChange> events, IntConsumer effective)
            throws SQLException, DestinationBehindException {
        List<ValidChange> deletions =
                events.stream().filter(event -> event.action() == Action.DELETE).toList();
        for (Portion portion : portions(events)) {
            portion.write(trips, stream, deletions, effective);
        }
    }

    /** The same in the form in which the server looks for what it refuses, so that the two cannot contradict each other. */
    int writeJson(Connection connection, List<ValidChange> events) throws SQLException {
        int effective = 0;
        for (Portion portion : portions(events)) {
            effective += portion.writeJson(connection, stream);
        }
        return effective;
    }

    /** Cuts changes into what one statement carries each: deletions first, then those with the same columns together. */
    List<Portion> portions(List<ValidChange> events) {
        Map<WriteStatement, List<ValidChange>> byStatement = new LinkedHashMap<>();
        List<ValidChange> deletions = new ArrayList<>();
        byStatement.put(delete, deletions);
        // By the columns first: to look a statement up for each change would cost more than to add the change.
        Map<List<String>, List<ValidChange>> alike = new HashMap<>();
        for (ValidChange event : events) {
            List<ValidChange> same = event.action() == Action.DELETE
                    ? deletions
                    : alike.computeIfAbsent(
                            event.columns(),
                            names -> byStatement.computeIfAbsent(upsert(names), first -> new ArrayList<>()));
            same.add(event);
        }
        return byStatement.entrySet().stream()
                .flatMap(entry -> cut(entry.getKey(), entry.getValue()))
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
                        .filter(column -> !column.generated())
                        .toList());
    }

    private static Stream<Portion> cut(WriteStatement statement, List<ValidChange> events) {
        Stream.Builder<Portion> portions = Stream.builder();
        int from = 0;
        while (from < events.size()) {
            int to = from;
            long bytes = 0;
            while (to < events.size() && (to == from || bytes < STATEMENT_BYTES)) {
                bytes += events.get(to).json().length;
                to++;
            }
            portions.add(new Portion(statement, events.subList(from, to)));
            from = to;
        }
        return portions.build();
    }
}
