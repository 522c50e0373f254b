package io.rowrelay.sandbox;

import io.rowrelay.sandbox.load.ConcurrentTasks;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ProgressBar;

/** Many rows inserted into the source as fast as it takes them, while the arrivals in the destination are counted. */
final class BulkLoad {
    private static final Duration COUNT_INTERVAL = Duration.ofMillis(100);
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);

    /** Rows of the load carry numbers from here on, rows of the scenarios before it smaller ones. */
    private static final long FIRST_NUMBER = 1_000;

    private final PostgresServer source;
    private final DemoDatabases databases;
    private final long rows;
    private final int rowsPerTransaction;

    BulkLoad(PostgresServer source, DemoDatabases databases, long rows, int rowsPerTransaction) {
        this.source = source;
        this.databases = databases;
        this.rows = rows;
        this.rowsPerTransaction = rowsPerTransaction;
    }

    /** Returns when all rows have arrived, or when none has for a minute. */
    void run(ProgressBar bar) throws SQLException {
        long before = databases.destinationRows();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Void> writer = executor.submit(this::write);
            long lastChangeNanos = System.nanoTime();
            long count = 0;
            while (count < rows && System.nanoTime() - lastChangeNanos < STALL_TIMEOUT.toNanos()) {
                LockSupport.parkNanos(COUNT_INTERVAL.toNanos());
                long now = databases.destinationRows() - before;
                if (now != count) {
                    lastChangeNanos = System.nanoTime();
                }
                count = now;
                bar.stepTo(count);
                if (writer.isDone()) {
                    ConcurrentTasks.result(writer);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private Void write() throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            for (long done = 0; done < rows; done += rowsPerTransaction) {
                long count = Math.min(rowsPerTransaction, rows - done);
                statement.executeUpdate(Employees.insert(FIRST_NUMBER + done, count));
            }
        }
        return null;
    }
}
