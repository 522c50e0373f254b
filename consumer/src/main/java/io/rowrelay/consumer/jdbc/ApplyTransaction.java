package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.BatchTransaction;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.jdbc.ProgressTable;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The transaction of a batch that the consumer applies: it locks the keys, and commits together with the changes that their offsets
 * are finished, or at least a stamp that says that the destination has the changes.
 */
final class ApplyTransaction implements BatchTransaction {
    /** Adds the rows that are missing, and locks those that are there without a new version of them. */
    private static final String LOCK = """
            INSERT INTO {cdc_key_lock} (stream, class) SELECT ?, class FROM unnest(?) class
            ON CONFLICT (stream, class) DO UPDATE SET stream = EXCLUDED.stream WHERE false""";

    private final ProgressTable progress;
    private final List<OffsetRange> ranges;
    private final boolean finishes;

    /** {@code finishes} says whether the offsets are finished with the changes, if the destination rejects none of these. */
    ApplyTransaction(ProgressTable progress, List<OffsetRange> ranges, boolean finishes) {
        this.progress = progress;
        this.ranges = ranges;
        this.finishes = finishes;
    }

    @Override
    public void lock(RoundTrips trips, List<ValidChange> changes) throws SQLException, OutageException {
        trips.add(
                LOCK,
                0,
                (statement, first) -> {
                    statement.setString(first, progress.stream());
                    statement.setArray(
                            first + 1, statement.getConnection().createArrayOf("int4", LockClasses.of(changes)));
                    return first + 2;
                },
                locked -> {});
    }

    /** A rejected record must become a dead letter before its offset counts as finished. */
    @Override
    public @Nullable String remember(RoundTrips trips, boolean complete) throws SQLException, OutageException {
        if (finishes && complete) {
            progress.advance(trips, ranges, null);
            return null;
        }
        AtomicReference<@Nullable String> stamp = new AtomicReference<>();
        progress.stamp(trips, ranges, stamp::set);
        trips.send();
        return stamp.get();
    }

    @Override
    public void end(Connection connection) throws SQLException {
        connection.commit();
    }
}
