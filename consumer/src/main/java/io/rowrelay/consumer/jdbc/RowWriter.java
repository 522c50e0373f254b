package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.event.Action;
import io.rowrelay.consumer.apply.ChangeEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes changes of distinct keys to the destination table, set by set. Not thread-safe. */
final class RowWriter {
    /** What one statement carries at most, so that wide rows cannot fill the memory of either side. */
    private static final int STATEMENT_BYTES = 8 << 20;
    /** Whoever writes the records chooses which columns go together, so what is kept of that must end somewhere. */
    private static final int MOST_STATEMENTS = 100;

    private final DestinationTable table;
    private final String stream;
    private final Map<List<String>, Statement> upserts = new HashMap<>();
    private final Statement delete;

    RowWriter(DestinationTable table, String stream) {
        this.table = table;
        this.stream = stream;
        this.delete = new Statement(
                new ApplyStatements(table, ApplyStatements.Parameters.OF_JDBC).delete(),
                new ApplyStatements(table, ApplyStatements.Parameters.NUMBERED).delete());
    }

    /**
     * One statement, for either kind of parameters.
     *
     * @param sql with JDBC's
     * @param numbered with PostgreSQL's own
     */
    record Statement(String sql, String numbered) {}

    /** Changes that one statement carries. */
    record Portion(Statement statement, List<ChangeEvent> events) {
        RecordArray array() {
            return RecordArray.of(events);
        }
    }

    DestinationTable table() {
        return table;
    }

    String stream() {
        return stream;
    }

    /** Writes, deletions first; returns how many changes took effect. */
    int write(Connection connection, List<ChangeEvent> events) throws SQLException {
        int effective = 0;
        for (Portion portion : portions(events)) {
            effective += execute(connection, portion);
        }
        return effective;
    }

    /** Cuts changes into what one statement carries each: deletions first, then those with the same columns together. */
    List<Portion> portions(List<ChangeEvent> events) {
        Map<Statement, List<ChangeEvent>> byStatement = new LinkedHashMap<>();
        byStatement.put(delete, new ArrayList<>());
        Map<List<String>, Statement> upsertOf = new HashMap<>();
        for (ChangeEvent event : events) {
            Statement statement =
                    event.action() == Action.DELETE ? delete : upsertOf.computeIfAbsent(event.columns(), this::upsert);
            byStatement.computeIfAbsent(statement, first -> new ArrayList<>()).add(event);
        }
        return byStatement.entrySet().stream()
                .flatMap(alike -> cut(alike.getKey(), alike.getValue()))
                .toList();
    }

    private Statement upsert(List<String> columns) {
        // In one order, else every order would be a statement of its own.
        List<String> names = columns.stream().sorted().toList();
        Statement known = upserts.get(names);
        if (known == null) {
            if (upserts.size() >= MOST_STATEMENTS) {
                upserts.clear();
            }
            known = upsertOf(names);
            upserts.put(names, known);
        }
        return known;
    }

    private Statement upsertOf(List<String> names) {
        List<DestinationTable.Column> columns = names.stream()
                .flatMap(name -> table.column(name).stream())
                .filter(column -> !column.generated())
                .toList();
        return new Statement(
                new ApplyStatements(table, ApplyStatements.Parameters.OF_JDBC).upsert(columns),
                new ApplyStatements(table, ApplyStatements.Parameters.NUMBERED).upsert(columns));
    }

    private static Stream<Portion> cut(Statement statement, List<ChangeEvent> events) {
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

    private int execute(Connection connection, Portion portion) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(portion.statement().sql())) {
            statement.setBytes(1, portion.array().bytes());
            statement.setArray(2, connection.createArrayOf("text", keys(portion.events())));
            statement.setString(3, stream);
            return statement.executeUpdate();
        }
    }

    static String[] keys(List<ChangeEvent> events) {
        return events.stream().map(ChangeEvent::key).toArray(String[]::new);
    }
}
