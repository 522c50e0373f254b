package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.record.Envelope;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The sequence that numbers the changes of a change table. */
public final class ActionIds {
    /** The largest action_id that a sequence is set to: half of all stay for changes. */
    public static final long LARGEST_SET = Envelope.LARGEST_ACTION_ID / 2;

    private ActionIds() {}

    /** Returns the last action_id given out, 0 when there was none. */
    public static long last(Connection connection, ChangeTable table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT coalesce(pg_sequence_last_value(rowrelay.action_id_sequence(?::regclass)), 0)")) {
            statement.setString(1, table.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Returns the last action_id given out by a sequence, 0 when there was none. */
    public static long last(Connection connection, long sequence) throws SQLException {
        return Query.one(
                connection, "SELECT coalesce(pg_sequence_last_value(?::oid), 0)", row -> row.getLong(1), sequence);
    }

    /** Sets the last action_id given out, at once and for good: no rollback takes it back. */
    public static void set(Connection connection, ChangeTable table, long last) throws SQLException {
        if (last > LARGEST_SET) {
            throw new IllegalArgumentException("action_ids must not go on after " + last);
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT setval(rowrelay.action_id_sequence(?::regclass), ?)")) {
            statement.setString(1, table.name());
            statement.setLong(2, last);
            statement.execute();
        }
    }
}
