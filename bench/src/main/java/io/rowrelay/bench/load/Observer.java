package io.rowrelay.bench.load;

import io.rowrelay.bench.replication.Replication;
import io.rowrelay.bench.replication.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Asks the destination every millisecond for rows not seen before, and notes when each came; so a time is rather too long
 * than too short.
 */
final class Observer {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final String LOOK = "SELECT emp_id FROM employees WHERE emp_id >= ? ORDER BY emp_id";

    private final Replication replication;
    private final int firstId;
    private final long[] seenNanos;

    /** The first row that was not yet seen; what is before it need not be looked at again. */
    private int unseen;

    private int count;

    Observer(Replication replication, int firstId, int rows) {
        this.replication = replication;
        this.firstId = firstId;
        this.seenNanos = new long[rows];
    }

    /** Looks until as many rows were seen as are written in the end; that is negative while it is not known. */
    void watch(LongSupplier written, Duration limit) throws SQLException {
        try (Connection connection = replication.databases().connectToObserve();
                PreparedStatement look = connection.prepareStatement(LOOK)) {
            Wait.until("every row in the destination", replication, limit, PAUSE, () -> {
                look(look);
                return count == written.getAsLong();
            });
        }
    }

    /** When the row was first seen. To be asked when watching has ended. */
    long seenNanos(int row) {
        return seenNanos[row];
    }

    private void look(PreparedStatement look) throws SQLException {
        look.setInt(1, firstId + unseen);
        try (ResultSet rows = look.executeQuery()) {
            long nowNanos = System.nanoTime();
            while (rows.next()) {
                int row = rows.getInt(1) - firstId;
                if (seenNanos[row] == 0) {
                    seenNanos[row] = nowNanos;
                    count++;
                }
            }
        }
        while (unseen < seenNanos.length && seenNanos[unseen] != 0) {
            unseen++;
        }
    }
}
