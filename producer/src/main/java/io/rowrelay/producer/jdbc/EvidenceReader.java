package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Evidence;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.ChangeTable;
import io.rowrelay.stream.record.PublishedChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads in the source database what it knows of published changes. */
final class EvidenceReader {
    private static final String IN_MICROS = "(extract(epoch FROM %s) * 1000000)::bigint";

    private EvidenceReader() {}

    /** Looks the changes up first: what the retention has removed by then is noted by the time that is read. */
    static Evidence read(Connection connection, String stream, ChangeTable table, List<PublishedChange> published)
            throws SQLException {
        Map<Long, Long> changes = changes(connection, table, published);
        try (PreparedStatement statement =
                connection.prepareStatement("""
                SELECT s.system_identifier, o.anchor_action_id, o.highest_action_id, %s
                FROM pg_control_system() s LEFT JOIN cdc_offset o ON o.stream = ?""".formatted(IN_MICROS.formatted("o.removed_until")))) {
            statement.setString(1, stream);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long removedUntil = row.getLong(4);
                return new Evidence(
                        row.getLong(1),
                        row.getLong(2),
                        ActionIds.last(connection, table),
                        row.getLong(3),
                        row.getObject(4) == null ? Long.MIN_VALUE : removedUntil,
                        changes);
            }
        }
    }

    private static Map<Long, Long> changes(Connection connection, ChangeTable table, List<PublishedChange> published)
            throws SQLException {
        Long[] ids =
                published.stream().map(PublishedChange::actionId).distinct().toArray(Long[]::new);
        Map<Long, Long> changes = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("""
                SELECT c.action_id, %s FROM unnest(?::bigint[]) AS wanted(id)
                CROSS JOIN LATERAL (SELECT * FROM %s t WHERE t.action_id = wanted.id OFFSET 0) c""".formatted(IN_MICROS.formatted("c.changed_at"), table.name()))) {
            statement.setArray(1, connection.createArrayOf("bigint", ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    changes.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return changes;
    }
}
