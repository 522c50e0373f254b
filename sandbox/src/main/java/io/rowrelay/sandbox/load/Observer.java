package io.rowrelay.sandbox.load;

import io.rowrelay.sandbox.process.SandboxException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Asks the destination every millisecond for rows not seen before, and notes when each came; so a time is rather too long
 * than too short.
 */
final class Observer {
    private static final Duration PAUSE = Duration.ofMillis(1);
    /** However the table has grown since the plan was made. */
    private static final String BY_THE_PRIMARY_KEY = "SET enable_seqscan = off; SET enable_bitmapscan = off";

    private final SessionSource destination;
    private final WrittenRows rows;
    private final int firstId;
    private final long[] seenNanos;

    /** The first row that was not yet seen; what is before it need not be looked at again. */
    private int unseen;

    private int count;

    Observer(SessionSource destination, LatencyRun.Writing writing) {
        this.destination = destination;
        this.rows = writing.rows();
        this.firstId = writing.firstId();
        this.seenNanos = new long[writing.schedule().transactions()];
    }

    /**
     * Looks until as many rows were seen as are written in the end; that is negative while it is not known.
     *
     * @param progress is given the number of rows seen so far, and may throw
     */
    void watch(LongSupplier written, Duration limit, IntConsumer progress) throws SQLException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        try (Connection connection = destination.open();
                Statement settings = connection.createStatement();
                PreparedStatement look = connection.prepareStatement(rows.look())) {
            settings.execute(BY_THE_PRIMARY_KEY);
            look(look);
            while (count != written.getAsLong()) {
                if (System.nanoTime() > deadlineNanos || Thread.currentThread().isInterrupted()) {
                    throw new SandboxException("Only %d rows were seen in the destination within %d s"
                            .formatted(count, limit.toSeconds()));
                }
                progress.accept(count);
                LockSupport.parkNanos(PAUSE.toNanos());
                look(look);
            }
        }
        progress.accept(count);
    }

    /** When the row was first seen. To be asked when watching has ended. */
    long seenNanos(int row) {
        return seenNanos[row];
    }

    private void look(PreparedStatement look) throws SQLException {
        look.setInt(1, firstId + unseen);
        try (ResultSet found = look.executeQuery()) {
            long nowNanos = System.nanoTime();
            while (found.next()) {
                int row = found.getInt(1) - firstId;
                if (seenNanos[row] == 0) {
                    seenNanos[row] = nowNanos;
                    count++;
                }
            }
        }
        while (unseen < seenNanos.length && (seenNanos[unseen] != 0 || !rows.isSeen(unseen))) {
            unseen++;
        }
    }
}
