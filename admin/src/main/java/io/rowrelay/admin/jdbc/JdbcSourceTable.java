package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.resync.BusyException;
import io.rowrelay.admin.resync.Keys;
import io.rowrelay.admin.resync.RowKey;
import io.rowrelay.admin.resync.SourceTable;
import io.rowrelay.common.jdbc.ActionIds;
import io.rowrelay.common.jdbc.ChangeTable;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes rows of the source into the change table, each in its place among the changes of its row.
 *
 * <p>An UPDATE: the row lock is held before the action_id is taken and until the commit. Whoever changed the row before has
 * committed, with a smaller action_id, and what is written is what he left; whoever changes it next gets a larger one.
 *
 * <p>A DELETE: there is no row to lock, and an INSERT of the key that is not committed yet may have taken a smaller
 * action_id. So the table is locked against writers; then every transaction that wrote it has ended, the key is looked for
 * once more, and whoever inserts it next gets a larger action_id. Not thread-safe.
 */
final class JdbcSourceTable implements SourceTable {
    private final Connection connection;
    private final KeyedTable table;
    private final ChangeTable changes;

    JdbcSourceTable(Connection connection, KeyedTable table, ChangeTable changes) {
        this.connection = connection;
        this.table = table;
        this.changes = changes;
    }

    @Override
    public Keys keys() {
        return new JdbcKeys(connection, table);
    }

    @Override
    public long lastActionId() throws TransientFailureException {
        try {
            long last = ActionIds.last(connection, changes);
            connection.commit();
            return last;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the sequence of " + changes.name(), failure);
        }
    }

    @Override
    public Set<RowKey> existing(List<RowKey> keys) throws TransientFailureException {
        try {
            Set<RowKey> existing = table.existing(connection, keys, "", 0);
            connection.commit();
            return existing;
        } catch (SQLException failure) {
            throw SqlFailures.outage("looking for rows of " + table.name(), failure);
        }
    }

    @Override
    public int writeUpdates(List<RowKey> keys) throws BusyException, TransientFailureException {
        String columns = names(changes.columns());
        String insert = """
                INSERT INTO %1$s (%2$s, action)
                SELECT %3$s, 'UPDATE' FROM %4$s
                CROSS JOIN LATERAL (SELECT * FROM %5$s r WHERE %6$s FOR NO KEY UPDATE) found
                ORDER BY w.place""".formatted(
                        changes.name(),
                        columns,
                        changes.columns().stream()
                                .map(column -> "found." + column.name())
                                .collect(Collectors.joining(", ")),
                        table.wanted(),
                        table.name(),
                        table.isWanted());
        return ShortTransaction.run(
                connection,
                "rows are locked by open transactions",
                "writing to " + changes.name(),
                () -> insert(insert, keys));
    }

    @Override
    public int writeDeletes(List<RowKey> keys) throws BusyException, TransientFailureException {
        String insert = """
                INSERT INTO %1$s (%2$s, action)
                SELECT %3$s, 'DELETE' FROM %4$s
                LEFT JOIN LATERAL (SELECT true AS there FROM %5$s r WHERE %6$s OFFSET 0) found ON true
                WHERE found.there IS NULL ORDER BY w.place""".formatted(
                changes.name(), table.keyNames(), table.wantedValues(), table.wanted(), table.name(), table.isWanted());
        return ShortTransaction.run(
                connection,
                table.name() + " is in use by open transactions or a vacuum",
                "writing to " + changes.name(),
                () -> {
                    ShortTransaction.lock(connection, table.name(), "SHARE ROW EXCLUSIVE");
                    return insert(insert, keys);
                });
    }

    private int insert(String sql, List<RowKey> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            table.bind(statement, 1, keys);
            return statement.executeUpdate();
        }
    }

    private static String names(List<ChangeTable.Column> columns) {
        return columns.stream().map(ChangeTable.Column::name).collect(Collectors.joining(", "));
    }
}
