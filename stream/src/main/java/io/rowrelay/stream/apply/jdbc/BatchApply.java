package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Applies one batch in one transaction: first all at once; when the destination rejects something, in parts without what it
 * rejects. Used once.
 */
public final class BatchApply {
    private final Connection connection;
    private final RowWriter writer;
    private final BatchTransaction transaction;
    private final ServerLimits limits;
    private final LongWork applying;
    private boolean altered;

    /** The connection does not commit by itself; {@code applying} is the work that this is part of. */
    public BatchApply(
            Connection connection,
            RowWriter writer,
            BatchTransaction transaction,
            ServerLimits limits,
            LongWork applying) {
        this.connection = connection;
        this.writer = writer;
        this.transaction = transaction;
        this.limits = limits;
        this.applying = applying;
    }

    /**
     * Applies changes, in any order, any number for one key.
     *
     * @throws DefinitionChangedException when the table is not what the statements were made for; the transaction is open
     * @throws SQLException when the destination is out, or meets a limit that the changes may not have caused
     */
    public Applied run(List<ValidChange> changes) throws SQLException, OutageException {
        NewestPerKey byKey = new NewestPerKey(changes);
        List<ValidChange> newest = byKey.newest();
        RoundTrips trips = trips();
        AtomicInteger applied = new AtomicInteger();
        try {
            begin(trips, newest);
            writer.write(trips, newest, applied::addAndGet);
            confirmDefinition(trips);
            String stamp = end(trips, true);
            return new Applied(applied.get(), changes.size() - applied.get(), List.of(), stamp);
        } catch (SQLException failure) {
            if (!SqlFailures.mayBeRejection(failure)) {
                throw failure;
            }
            connection.rollback();
            applying.renew(connection);
            return inParts(changes.size(), byKey);
        }
    }

    private Applied inParts(int size, NewestPerKey byKey) throws SQLException, OutageException {
        RoundTrips trips = trips();
        begin(trips, byKey.newest());
        trips.send();
        holdDefinition();
        RejectionSearch search = new RejectionSearch(connection, writer);
        search.run(byKey);
        limits.confirm(connection, writer.stream(), search.rejected());
        String stamp = end(trips, search.rejected().isEmpty());
        List<Rejected> rejected =
                search.rejected().stream().map(RejectedChange::rejected).toList();
        List<ValidChange> waiting = search.rejected().stream()
                .filter(RejectedChange::speaksOfOtherRows)
                .map(RejectedChange::change)
                .toList();
        return new Applied(search.applied(), size - search.applied() - rejected.size(), rejected, waiting, stamp);
    }

    /** While work may take long, each statement has the deadline of a trip to itself. */
    private RoundTrips trips() {
        return applying.isLonger() ? RoundTrips.oneByOne(connection) : new RoundTrips(connection);
    }

    /**
     * Takes locks, and sets deferrable constraints to immediate, so that the record that violates one is known. The join of a
     * deletion begins with the smaller side. A plan from a time when the table was the smaller side would read all of it once
     * it has grown, so it is made again.
     */
    private void begin(RoundTrips trips, List<ValidChange> changes) throws SQLException, OutageException {
        if (!writer.table().deletesByLookup()
                && changes.stream().anyMatch(change -> change.action() == Action.DELETE)) {
            set(trips, "SET LOCAL plan_cache_mode = force_custom_plan");
        }
        if (writer.table().table().deferrable()) {
            set(trips, "SET CONSTRAINTS ALL IMMEDIATE");
        }
        transaction.lock(trips, changes);
    }

    private static void set(RoundTrips trips, String sql) throws SQLException, OutageException {
        trips.add(sql, 0, (statement, first) -> first, done -> {});
    }

    private @Nullable String end(RoundTrips trips, boolean complete) throws SQLException, OutageException {
        String stamp = transaction.remember(trips, complete);
        trips.send();
        if (altered) {
            throw new DefinitionChangedException(writer.table().name());
        }
        transaction.end(connection);
        return stamp;
    }

    /**
     * Asks, behind the writes and in the same trip, whether the table is still what they were made for. They hold its lock by
     * now, so it stays as it is until the commit; a look before them could be overtaken by an ALTER TABLE.
     */
    private void confirmDefinition(RoundTrips trips) throws SQLException, OutageException {
        trips.add(
                AppliedTable.FINGERPRINT_NOW,
                0,
                (statement, first) -> {
                    statement.setString(first, writer.table().name());
                    return first + 1;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        altered = !row.next() || !writer.table().fingerprint().equals(row.getString(1));
                    }
                });
    }

    /**
     * No change may be rejected for a definition that no longer holds. The lock, as strong as that of a write, keeps the table
     * as it is.
     */
    private void holdDefinition() throws SQLException, OutageException {
        String table = writer.table().name();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ONLY " + table + " IN ROW EXCLUSIVE MODE");
        }
        if (!DestinationCatalog.read(connection, table, writer.stream()).equals(writer.table())) {
            throw new DefinitionChangedException(table);
        }
    }
}
