package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.ProgressTable;
import io.rowrelay.stream.record.Partition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The destination's own memory of how far it is, in cdc_progress. Not thread-safe. */
public final class JdbcProgress implements Progress {
    private final HikariDataSource pool;
    private final ProgressTable table;

    /** The pool stays the caller's to close. */
    public JdbcProgress(HikariDataSource pool, String stream, String topic) {
        this.pool = pool;
        this.table = new ProgressTable(stream, topic);
    }

    /** For the transactions of the changes themselves. */
    ProgressTable table() {
        return table;
    }

    @Override
    public Map<Partition, PartitionProgress> load() throws OutageException {
        return run(table::load);
    }

    @Override
    public boolean covers(Map<Partition, PartitionProgress> polled) throws OutageException {
        return run(connection -> table.covers(connection, polled));
    }

    @Override
    public void correct(Map<Partition, PartitionProgress> beginnings) throws OutageException {
        if (!beginnings.isEmpty()) {
            run(connection -> {
                table.correct(connection, beginnings);
                return beginnings;
            });
        }
    }

    @Override
    public void advance(List<OffsetRange> ranges, @Nullable String stamp) throws OutageException {
        run(connection -> {
            table.advance(new RoundTrips(connection), ranges, stamp);
            return ranges;
        });
    }

    /** Work on the table. */
    @FunctionalInterface
    private interface Work<T> {
        T run(Connection connection) throws SQLException, OutageException;
    }

    private <T> T run(Work<T> work) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            try {
                connection.setAutoCommit(false);
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException failure) {
                // A session keeps what it was opened with, read-only among it, so an outage is not waited out with it.
                pool.evictConnection(connection);
                throw failure;
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage("keeping the progress in cdc_progress of the destination", failure);
        }
    }
}
