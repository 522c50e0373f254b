package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.AppliedStream;
import io.rowrelay.consumer.apply.Progress;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress that is read only once the destination's table cdc_writer says which tables the stream writes. A consumer reads it
 * before it applies anything, so a table with rows of several streams has each of them there. Not thread-safe.
 */
public final class RegisteredProgress implements Progress {
    private static final Logger LOG = LoggerFactory.getLogger(RegisteredProgress.class);

    private static final String MAY_REGISTER = """
            SELECT coalesce(bool_and(has_table_privilege(w.oid, p.privilege)), false)
            FROM pg_catalog.pg_class w CROSS JOIN unnest('{SELECT,INSERT,UPDATE}'::text[]) p(privilege)
            WHERE w.oid =\s""" + RolePath.table("'cdc_writer'");

    /** A table that is not there yet is noted as it is called. */
    private static final String REGISTER = """
            INSERT INTO {cdc_writer} (stream, destination_table)
            SELECT ?, coalesce((SELECT format('%I.%I', n.nspname, c.relname)
                                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                WHERE c.oid = NAMED), ?)
            ON CONFLICT (stream, destination_table) DO UPDATE SET begun_at = clock_timestamp()""".replace("NAMED", RolePath.table("?"));

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

    /** Without the right to write it no change is missed: the commands then ask before they delete. */
    private void register(String tableName) throws OutageException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(true);
            if (!mayRegister(connection)) {
                LOG.warn(
                        "the role may not write cdc_writer, so the destination does not know which stream writes the table,"
                                + " and commands ask before they delete rows: run cdc_grant_destination table={}",
                        tableName);
                return;
            }
            try (PreparedStatement statement = RolePath.prepare(connection, REGISTER)) {
                statement.setString(1, stream.name());
                statement.setString(2, tableName);
                statement.setString(3, tableName);
                statement.executeUpdate();
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage("noting in cdc_writer that the stream writes " + tableName, failure);
        }
    }

    private static boolean mayRegister(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MAY_REGISTER)) {
            row.next();
            return row.getBoolean(1);
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
