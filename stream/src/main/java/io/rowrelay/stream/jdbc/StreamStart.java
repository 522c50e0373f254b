package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The row of cdc_offset with which a stream begins, or begins again. To be written by the holder of the stream's lock. */
public final class StreamStart {
    /** Before every transaction: normal transaction ids begin at 3, so nothing is visible in it. */
    public static final String BEFORE_EVERYTHING = "3:3:";

    private static final String BEGIN = """
            INSERT INTO {cdc_offset} (stream, last_action_id, highest_action_id, anchor_action_id, snapshot, system_identifier)
            SELECT ?, start.id, start.id, start.id, %s, s.system_identifier
            FROM (VALUES (?::bigint)) AS start(id) CROSS JOIN pg_control_system() s
            ON CONFLICT (stream) DO UPDATE SET
                last_action_id = EXCLUDED.last_action_id, highest_action_id = EXCLUDED.highest_action_id,
                anchor_action_id = EXCLUDED.anchor_action_id, snapshot = EXCLUDED.snapshot, window_snapshot = NULL,
                removed_until = NULL, removed_xid = NULL,
                published_topic = NULL, published_offsets = NULL, published_action_ids = NULL, system_identifier = EXCLUDED.system_identifier, updated_at = clock_timestamp()""";

    private StreamStart() {}

    /** Everything in the change table is still to be published. */
    public static void atTheBeginning(Connection connection, String stream) throws SQLException {
        write(connection, BEGIN.formatted("'" + BEFORE_EVERYTHING + "'::pg_snapshot"), stream, 0);
    }

    /** Begins after all that is committed now. Records of the topic up to the given action_id are history, too. */
    public static void now(Connection connection, String stream, long anchorActionId) throws SQLException {
        write(connection, BEGIN.formatted("pg_current_snapshot()"), stream, anchorActionId);
    }

    private static void write(Connection connection, String sql, String stream, long actionId) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, sql)) {
            statement.setString(1, stream);
            statement.setLong(2, actionId);
            statement.executeUpdate();
        }
        // They belong to the stream as it was.
        try (PreparedStatement statement =
                RolePath.prepare(connection, "DELETE FROM {cdc_published} WHERE stream = ?")) {
            statement.setString(1, stream);
            statement.executeUpdate();
        }
    }
}
