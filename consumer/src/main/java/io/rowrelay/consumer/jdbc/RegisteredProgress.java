package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.AppliedStream;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Progress that is read only once the destination's table cdc_writer says which tables the stream writes. A consumer reads it
 * before it applies anything, so a table with rows of several streams has each of them there. Not thread-safe.
 */
public final class RegisteredProgress implements Progress {
    private final Progress progress;
    private final HikariDataSource pool;
    private final AppliedStream stream;
    private boolean registered;

    /** The pool stays the caller's to close. */
    public RegisteredProgress(Progress progress, HikariDataSource pool, AppliedStream stream) {
        this.progress = progress;
        this.pool = pool;
        this.stream = stream;
    }

    @Override
    public Map<Partition, PartitionProgress> load() throws OutageException {
        if (!registered) {
            for (TopicTable table : stream.tables()) {
                register(table.name());
            }
            registered = true;
        }
        return progress.load();
    }

    private void register(String tableName) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(true);
            WriterTable.note(connection, stream.name(), tableName);
        } catch (SQLException failure) {
            throw SqlFailures.outage("noting in cdc_writer that the stream writes " + tableName, failure);
        }
    }

    @Override
    public boolean covers(Map<Partition, PartitionProgress> polled) throws OutageException {
        return progress.covers(polled);
    }

    @Override
    public void correct(Map<Partition, PartitionProgress> beginnings) throws OutageException {
        progress.correct(beginnings);
    }

    @Override
    public void advance(List<OffsetRange> ranges, @Nullable String stamp) throws OutageException {
        progress.advance(ranges, stamp);
    }
}
