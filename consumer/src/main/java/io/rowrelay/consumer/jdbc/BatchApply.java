package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.ChangeApplier.Applied;
import io.rowrelay.consumer.apply.DestinationBehindException;
import io.rowrelay.consumer.apply.Stretch;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Applies one batch in one transaction: first all at once; when the destination refuses something, piece by piece without
 * what it refuses. Used once.
 */
final class BatchApply {
    private final Connection connection;
    private final RowWriter writer;
    private final String stream;
    private final ServerLimits limits;
    private final LongWork applying;
    private final ProgressTable progress;
    private boolean altered;

    BatchApply(
            Connection connection,
            RowWriter writer,
            String stream,
            ProgressTable progress,
            ServerLimits limits,
            LongWork applying) {
        this.connection = connection;
        this.writer = writer;
        this.stream = stream;
        this.limits = limits;
        this.applying = applying;
        this.progress = progress;
    }

    Applied run(List<ValidChange> events, List<Stretch> stretches, boolean finishes)
            throws SQLException, OutageException {
        NewestPerKey byKey = new NewestPerKey(events);
        List<ValidChange> newest = byKey.newest();
        RoundTrips trips = trips();
        AtomicInteger applied = new AtomicInteger();
        try {
            begin(trips, newest);
            writer.write(trips, newest, applied::addAndGet);
            confirmDefinition(trips);
            String mark = commit(trips, stretches, finishes);
            return new Applied(applied.get(), events.size() - applied.get(), List.of(), mark);
        } catch (SQLException failure) {
            if (!SqlFailures.mayBeRefusal(failure)) {
                throw failure;
            }
            connection.rollback();
            applying.renew(connection);
            return piecemeal(events.size(), byKey, stretches, finishes);
        }
    }

    private Applied piecemeal(int size, NewestPerKey byKey, List<Stretch> stretches, boolean finishes)
            throws SQLException, OutageException {
        RoundTrips trips = trips();
        begin(trips, byKey.newest());
        trips.send();
        holdDefinition();
        RefusalSearch search = new RefusalSearch(connection, writer);
        search.run(byKey);
        limits.confirm(connection, stream, search.refused());
        // What is refused still has to become a dead letter before its offset counts as finished.
        String mark = commit(trips, stretches, finishes && search.refused().isEmpty());
        List<Rejected> rejected =
                search.refused().stream().map(Refusal::rejected).toList();
        List<ValidChange> waiting = search.refused().stream()
                .filter(Refusal::speaksOfOtherRows)
                .map(Refusal::event)
                .toList();
        return new Applied(search.applied(), size - search.applied() - rejected.size(), rejected, waiting, mark);
    }

    /** While work may take long, each statement has the deadline of a trip to itself. */
    private RoundTrips trips() {
        return applying.isLonger() ? RoundTrips.oneByOne(connection) : new RoundTrips(connection);
    }

    /** Together with the changes the destination remembers their offsets, or at least that it has the changes; returns the mark. */
    private @Nullable String commit(RoundTrips trips, List<Stretch> stretches, boolean finishes)
            throws SQLException, OutageException {
        AtomicReference<@Nullable String> mark = new AtomicReference<>();
        if (finishes) {
            progress.advance(trips, stretches, null);
        } else {
            progress.mark(trips, stretches, mark::set);
            trips.send();
        }
        if (altered) {
            throw new DefinitionChangedException(writer.table().name());
        }
        connection.commit();
        return mark.get();
    }

    /**
     * Asks, behind the writes and in the same trip, whether the table is still what they were made for. They hold its lock by
     * now, so it stays as it is until the commit; a look before them could be overtaken by an ALTER TABLE.
     */
    private void confirmDefinition(RoundTrips trips) throws SQLException, DestinationBehindException {
        trips.add(
                DestinationCatalog.FINGERPRINT_NOW,
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

    /** Nothing may be called refused by a definition that no longer holds. Locked as by a write, the table stays as it is. */
    private void holdDefinition() throws SQLException, OutageException {
        String table = writer.table().name();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ONLY " + table + " IN ROW EXCLUSIVE MODE");
        }
        if (!DestinationCatalog.read(connection, table, stream).equals(writer.table())) {
            throw new DefinitionChangedException(table);
        }
    }

    /**
     * Locks, and makes deferrable constraints speak at once, while the record they mean is still known. Where a deletion's join
     * begins with the smaller side, a plan that was made when that was the table would read all of it once it has grown: it is made
     * anew.
     */
    private void begin(RoundTrips trips, List<ValidChange> events) throws SQLException, DestinationBehindException {
        if (!writer.table().deletesByLookup() && events.stream().anyMatch(event -> event.action() == Action.DELETE)) {
            set(trips, "SET LOCAL plan_cache_mode = force_custom_plan");
        }
        if (writer.table().deferrable()) {
            set(trips, "SET CONSTRAINTS ALL IMMEDIATE");
        }
        trips.add(
                "SELECT pg_advisory_xact_lock(hashtext(?), class) FROM unnest(?) class",
                0,
                (statement, first) -> {
                    statement.setString(first, "rowrelay apply of stream " + stream);
                    statement.setArray(
                            first + 1, statement.getConnection().createArrayOf("int4", LockClasses.of(events)));
                    return first + 2;
                },
                locked -> {});
    }

    private static void set(RoundTrips trips, String sql) throws SQLException, DestinationBehindException {
        trips.add(sql, 0, (statement, first) -> first, done -> {});
    }
}
