package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.admin.verify.RowState;
import io.rowrelay.admin.verify.SourceSnapshots;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ChangeTable;
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

/** Reads rows of the source beside the snapshot that shows them, and the changes of later ones. Not thread-safe. */
final class JdbcSourceSnapshots implements SourceSnapshots {
    private final Connection connection;
    private final JdbcComparedTable table;
    private final String changes;

    JdbcSourceSnapshots(Connection connection, JdbcComparedTable table, ChangeTable changes, ComparedSql sql) {
        this.connection = connection;
        this.table = table;
        this.changes = "SELECT " + sql.state() + ", r.action_id FROM " + changes.name()
                + " r WHERE r.action_id = ANY (?) AND r.action <> 'DELETE'"
                + " AND NOT " + WindowRule.visible("r", WindowRule.PARAMETER);
    }

    @Override
    public Read read(List<RowKey> keys) throws OutageException {
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

    @Override
    public Map<String, RowState> changesAfter(String snapshot, Collection<String> actionIds) throws OutageException {
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
