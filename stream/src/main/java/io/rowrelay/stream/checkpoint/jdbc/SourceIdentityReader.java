package io.rowrelay.stream.checkpoint.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what tells whether a source is the database that a stream was published from. */
public final class SourceIdentityReader {
    /** The transaction id of changes that are held back: no snapshot shows it, and no transaction has it. */
    private static final String HELD_BACK = "'18446744073709551615'::xid8";

    private SourceIdentityReader() {}

    /** The checkpoint first: what it covers happened before the rest is read. */
    public static SourceIdentity read(Connection connection, String stream, ChangeTable table) throws SQLException {
        return read(connection, stream, table.name(), () -> ActionIds.last(connection, table));
    }

    /** The same of a stream of several tables, whose action_ids come from one sequence. */
    public static SourceIdentity read(Connection connection, String stream, long actionIds) throws SQLException {
        return read(connection, stream, "stream " + stream, () -> ActionIds.last(connection, actionIds));
    }

    /** Asks for the last action_id given out. */
    @FunctionalInterface
    private interface LastActionId {
        long get() throws SQLException;
    }

    private static SourceIdentity read(Connection connection, String stream, String changed, LastActionId last)
            throws SQLException {
        Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT s.system_identifier, pg_snapshot_xmax(pg_current_snapshot())::text
                        FROM pg_control_system() s""")) {
            row.next();
            return new SourceIdentity(
                    row.getLong(1), Long.parseUnsignedLong(row.getString(2)), changed, last.get(), stored);
        }
    }

    /**
     * The largest transaction id in the change table that a writer had, 0 where it is empty. It is found behind all rows of an
     * open transaction, so read it only when needed.
     */
    public static long latestTransaction(Connection connection, ChangeTable table) throws SQLException {
        return latestTransaction(connection, table.name());
    }

    /** The same; the change table's name is quoted. */
    public static long latestTransaction(Connection connection, String changeTable) throws SQLException {
        return Query.one(
                connection,
                "SELECT coalesce((SELECT c.xid FROM %s c WHERE c.xid < %s ORDER BY c.xid DESC LIMIT 1)::text, '0')"
                        .formatted(changeTable, HELD_BACK),
                row -> Long.parseUnsignedLong(row.getString(1)));
    }

    /** The system identifier of the cluster; a standby that is promoted keeps it. */
    public static long systemIdentifier(Connection connection) throws SQLException {
        return Query.one(connection, "SELECT system_identifier FROM pg_control_system()", row -> row.getLong(1));
    }

    /** Returns changed_at, in microseconds since 1970, of those published changes that are in the change table. */
    public static Map<Long, Long> changedAtMicros(
            Connection connection, ChangeTable table, List<PublishedChange> published) throws SQLException {
        Long[] ids =
                published.stream().map(PublishedChange::actionId).distinct().toArray(Long[]::new);
        Map<Long, Long> changes = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("""
                SELECT c.action_id, %s FROM unnest(?::bigint[]) AS wanted(id)
                CROSS JOIN LATERAL (SELECT * FROM %s t WHERE t.action_id = wanted.id OFFSET 0) c""".formatted(micros("c.changed_at"), table.name()))) {
            statement.setArray(1, connection.createArrayOf("bigint", ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    changes.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return changes;
    }

    static String micros(String time) {
        return "(extract(epoch FROM %s) * 1000000)::bigint".formatted(time);
    }
}
