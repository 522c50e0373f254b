package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A session that a command keeps until its end. Each unit of work is a transaction of its own.
 *
 * @param connection does not commit by itself
 */
public record TableSession(Connection connection) {
    private static final Duration LONG = Duration.ofMinutes(30);

    /** Work in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException, OutageException;
    }

    /** Does it, and commits; the description is for the message of a failure. */
    public <T> T run(String doing, Work<T> work) throws OutageException {
        try {
            T result = work.run(connection);
            connection.commit();
            return result;
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing, failure);
        }
    }

    /** Reads a whole table in one snapshot, which can take long. */
    public <T> T inSnapshot(String doing, Work<T> work) throws OutageException {
        return inLongTransaction(doing, open -> {
            Query.update(open, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return work.run(open);
        });
    }

    /** Does what can take long, and reads whole tables. */
    public <T> T inLongTransaction(String doing, Work<T> work) throws OutageException {
        try {
            int usual = connection.getNetworkTimeout();
            connection.setNetworkTimeout(
                    Runnable::run, (int) LONG.plusSeconds(5).toMillis());
            try {
                return run(doing, open -> {
                    Query.update(open, "SET LOCAL statement_timeout = " + LONG.toMillis());
                    Query.update(open, "SET LOCAL enable_seqscan = on");
                    return work.run(open);
                });
            } finally {
                connection.setNetworkTimeout(Runnable::run, usual);
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing, failure);
        }
    }

    /** Reads the row of a statement that always has one. */
    public <T> T one(String doing, String sql, Query.Reader<T> reader, Object... parameters) throws OutageException {
        return run(doing, open -> Query.one(open, sql, reader, parameters));
    }

    /** Reads all rows. */
    public <T> List<T> list(String doing, String sql, Query.Reader<T> reader, Object... parameters)
            throws OutageException {
        return run(doing, open -> Query.list(open, sql, reader, parameters));
    }
}
