package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The source, looked at in snapshots that can be named. Only read. Not thread-safe. */
final class SourceSnapshots {
    private final Connection connection;
    private final ComparedTable table;
    private final String changes;

    /**
     * Rows and the snapshot that shows them.
     *
     * @param snapshot as PostgreSQL prints a pg_snapshot
     * @param states by what was asked for
     */
    record Read(String snapshot, Map<RowKey, RowState> states) {}

    SourceSnapshots(Connection connection, ComparedTable table, ChangeTable changes, ComparedSql sql) {
        this.connection = connection;
        this.table = table;
        this.changes = "SELECT " + sql.state() + ", r.action_id FROM " + changes.name()
                + " r WHERE r.action_id = ANY (?) AND r.action <> 'DELETE'"
                + " AND NOT " + WindowRule.visible("r", WindowRule.PARAMETER);
    }

    /** Reads rows, all in one snapshot. */
    Read read(List<RowKey> keys) throws OutageException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            try (ResultSet row = statement.executeQuery("SELECT " + WindowRule.NOW + "::text")) {
                row.next();
                Read read = new Read(row.getString(1), table.statesInTransaction(keys));
                connection.commit();
                return read;
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading rows in a snapshot of the source", failure);
        }
    }

    /**
     * Of the changes with these action_ids, those that are committed, but not visible in the snapshot, and no deletions: what
     * they say the row is, by action_id.
     */
    Map<String, RowState> changesAfter(String snapshot, Collection<String> actionIds) throws OutageException {
        Map<String, RowState> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(changes)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", actionIds.stream().map(Long::valueOf).toArray()));
            statement.setString(2, snapshot);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString("action_id"), table.state(row, 1));
                }
            }
            connection.commit();
            return found;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading changes of the source", failure);
        }
    }
}
