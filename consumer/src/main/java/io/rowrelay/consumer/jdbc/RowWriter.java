package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.apply.ChangeEvent;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes changes of distinct keys to the destination table, set by set. Not thread-safe. */
final class RowWriter {
    /** What one statement carries at most, so that wide rows cannot fill the memory of either side. */
    private static final int STATEMENT_BYTES = 8 << 20;

    private final DestinationTable table;
    private final String stream;
    private final ApplyStatements statements;
    private final String delete;
    private final Map<List<String>, String> upserts = new HashMap<>();

    RowWriter(DestinationTable table, String stream) {
        this.table = table;
        this.stream = stream;
        this.statements = new ApplyStatements(table);
        this.delete = statements.delete();
    }

    DestinationTable table() {
        return table;
    }

    /** Deletes; returns how many changes took effect. */
    int delete(Connection connection, List<ChangeEvent> events) throws SQLException {
        return execute(connection, delete, events);
    }

    /** Inserts and updates; returns how many changes took effect. Records with the same columns go together. */
    int upsert(Connection connection, List<ChangeEvent> events) throws SQLException {
        Map<List<String>, List<ChangeEvent>> byColumns = new LinkedHashMap<>();
        for (ChangeEvent event : events) {
            byColumns
                    .computeIfAbsent(event.columns(), columns -> new ArrayList<>())
                    .add(event);
        }
        int effective = 0;
        for (Map.Entry<List<String>, List<ChangeEvent>> alike : byColumns.entrySet()) {
            effective += execute(connection, upsertOf(alike.getKey()), alike.getValue());
        }
        return effective;
    }

    private String upsertOf(List<String> columns) {
        return upserts.computeIfAbsent(
                columns,
                names -> statements.upsert(names.stream()
                        .flatMap(name -> table.column(name).stream())
                        .filter(column -> !column.generated())
                        .toList()));
    }

    private int execute(Connection connection, String sql, List<ChangeEvent> events) throws SQLException {
        int effective = 0;
        int from = 0;
        while (from < events.size()) {
            int to = from;
            long bytes = 0;
            while (to < events.size() && (to == from || bytes < STATEMENT_BYTES)) {
                bytes += events.get(to).json().length;
                to++;
            }
            effective += executeAtOnce(connection, sql, events.subList(from, to));
            from = to;
        }
        return effective;
    }

    private int executeAtOnce(Connection connection, String sql, List<ChangeEvent> events) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, jsonArray(events));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", events.stream().map(ChangeEvent::key).toArray(String[]::new)));
            statement.setString(3, stream);
            return statement.executeUpdate();
        }
    }

    private static byte[] jsonArray(List<ChangeEvent> events) {
        ByteArrayOutputStream array = new ByteArrayOutputStream(
                events.stream().mapToInt(event -> event.json().length + 1).sum() + 2);
        char separator = '[';
        for (ChangeEvent event : events) {
            array.write(separator);
            array.writeBytes(event.json());
            separator = ',';
        }
        array.write(']');
        return array.toByteArray();
    }
}
