package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.table.CapturedColumn;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The source table, of which a condition can choose some rows, and the change table behind it. Each write is a transaction of
 * its own, and short, and puts each change in its order among those of its row.
 *
 * <p>An UPDATE: the row lock is held before the action_id is taken and until the commit. The transaction that changed the row
 * before has committed, with a smaller action_id, and its values are what is written; the next one that changes it gets a
 * larger one.
 *
 * <p>A DELETE: there is no row to lock, and an INSERT of the key that is not committed yet may have taken a smaller
 * action_id. So the table is locked against writers; then every transaction that wrote it has ended, the key is looked for
 * once more, and the next one that inserts it gets a larger action_id. Not thread-safe.
 */
public final class SourceTable {
    private static final int ROUND_TRIPS = 5;

    private final TableSession session;
    private final Connection connection;
    private final KeyedTable table;
    private final ChangeTable changes;
    private final KeyedRows rows;
    private final CommandClock clock;
    private @Nullable Duration networkRoundTrip;

    SourceTable(TableSession session, KeyedTable table, ChangeTable changes, Condition condition, CommandClock clock) {
        this.session = session;
        this.connection = session.connection();
        this.table = table;
        this.changes = changes;
        this.rows = new KeyedRows(session, table, condition);
        this.clock = clock;
    }

    /** Its rows. */
    public KeyedRows rows() {
        return rows;
    }

    /** Returns the last action_id given out. */
    public long lastActionId() throws OutageException {
        return session.run("reading the sequence of " + changes.name(), open -> ActionIds.last(open, changes));
    }

    /**
     * Writes an UPDATE of each row that still exists, without changing it. With several keys it leaves out the rows that
     * another session has locked, so that it never waits for a lock while it holds others. For a single key it waits a moment.
     */
    public Written writeUpdates(List<RowKey> keys) throws BusyException, OutageException {
        return keys.size() == 1 ? writeAlone(keys) : writeUnlocked(keys);
    }

    private Written writeAlone(List<RowKey> keys) throws BusyException, OutageException {
        String sql = update("FOR NO KEY UPDATE");
        return ShortTransaction.run(
                connection,
                "rows are locked by open transactions",
                "writing to " + changes.name(),
                () -> new Written(positions(sql, keys).size(), List.of(), Duration.ZERO));
    }

    /** One statement is one transaction here, so that the locks are held in the server alone and not for a round trip. */
    private Written writeUnlocked(List<RowKey> keys) throws BusyException, OutageException {
        String sql = update("FOR NO KEY UPDATE SKIP LOCKED");
        try {
            Duration roundTrip = roundTrip();
            connection.setAutoCommit(true);
            ShortTransaction.limit(connection);
            Duration from = clock.now();
            Set<Integer> positions = positions(sql, keys);
            Duration held = clock.since(from).minus(roundTrip);
            StreamTables.limit(connection);
            connection.setAutoCommit(false);
            List<RowKey> left = IntStream.range(0, keys.size())
                    .filter(position -> !positions.contains(position + 1))
                    .mapToObj(keys::get)
                    .toList();
            return new Written(positions.size(), left, held);
        } catch (SQLException failure) {
            throw ShortTransaction.meaning(
                    connection, failure, changes.name() + " is in use", "writing to " + changes.name());
        }
    }

    /** The shortest that was seen; measured once. */
    private Duration roundTrip() throws SQLException {
        Duration shortest = networkRoundTrip;
        if (shortest == null) {
            shortest = Duration.ofHours(1);
            try (Statement statement = connection.createStatement()) {
                for (int time = 0; time < ROUND_TRIPS; time++) {
                    Duration from = clock.now();
                    statement.execute("SELECT 1");
                    Duration took = clock.since(from);
                    shortest = took.compareTo(shortest) < 0 ? took : shortest;
                }
            }
            connection.commit();
            networkRoundTrip = shortest;
        }
        return shortest;
    }

    /**
     * Writes nothing when the change table has got a column that this statement does not know, and would leave without a value:
     * the table is locked against that before the statement's snapshot is taken. Says so beside what was written.
     */
    private String update(String locking) {
        return """
                WITH guard AS MATERIALIZED (
                    SELECT %8$s = %9$d AS "rowrelay known"
                ), found AS MATERIALIZED (
                    SELECT w.position AS "rowrelay position", %2$s FROM %4$s
                    CROSS JOIN LATERAL (SELECT * FROM %5$s r WHERE %6$s AND (SELECT "rowrelay known" FROM guard) %7$s) r
                ), written AS (
                    INSERT INTO %1$s (%3$s, action) SELECT %3$s, 'UPDATE' FROM found ORDER BY "rowrelay position"
                )
                SELECT "rowrelay known", "rowrelay position" FROM guard LEFT JOIN found ON true""".formatted(
                        changes.name(),
                        changes.columns().stream()
                                .map(column -> column.captured("r." + column.source()) + " AS " + column.name())
                                .collect(Collectors.joining(", ")),
                        changes.columns().stream().map(CapturedColumn::name).collect(Collectors.joining(", ")),
                        table.wanted(),
                        table.name(),
                        table.isWanted(),
                        locking,
                        changes.definitionNow(),
                        changes.definition());
    }

    private Set<Integer> positions(String sql, List<RowKey> keys) throws SQLException {
        Set<Integer> positions = new HashSet<>();
        Query.list(
                connection,
                sql,
                row -> {
                    if (!row.getBoolean(1)) {
                        throw new CommandFailedException("the columns of " + changes.name()
                                + " have changed since this command began, and nothing was written without them:"
                                + " run it again");
                    }
                    int position = row.getInt(2);
                    return !row.wasNull() && positions.add(position);
                },
                table.wantedParameters(keys).toArray());
        return positions;
    }

    /** Writes a DELETE of each key that has no row. */
    public Written writeDeletes(List<RowKey> keys) throws BusyException, OutageException {
        String insert = """
                INSERT INTO %1$s (%2$s, action)
                SELECT %3$s, 'DELETE' FROM %4$s
                LEFT JOIN LATERAL (SELECT true AS there FROM %5$s r WHERE %6$s OFFSET 0) found ON true
                WHERE found.there IS NULL ORDER BY w.position""".formatted(
                        changes.name(),
                        changes.key().stream().map(CapturedColumn::name).collect(Collectors.joining(", ")),
                        table.wantedValues(changes),
                        table.wanted(),
                        table.name(),
                        table.isWanted());
        return ShortTransaction.run(
                connection,
                table.name() + " is in use by open transactions or a vacuum",
                "writing to " + changes.name(),
                () -> {
                    ShortTransaction.lock(connection, table.name(), "SHARE ROW EXCLUSIVE");
                    Duration from = clock.now();
                    int rows = Query.update(
                            connection, insert, table.wantedParameters(keys).toArray());
                    return new Written(rows, List.of(), clock.since(from));
                });
    }
}
