package io.rowrelay.admin.tables;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction that gives up rather than wait: a session that waits for a lock makes all sessions behind it wait too. It gives
 * up long before the server looks for deadlocks, so it never makes a session of an application the victim of one.
 */
public final class ShortTransaction {
    private static final String LIMITS = "SET LOCAL lock_timeout = '40ms'; SET LOCAL statement_timeout = '10s'";
    private static final String LIMITS_OF_SESSION = LIMITS.replace("LOCAL", "SESSION");

    private ShortTransaction() {}

    /** The work in it. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    public static <T> T run(Connection connection, String held, String doing, Work<T> work)
            throws BusyException, OutageException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS);
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException failure) {
            throw meaning(connection, failure, held, doing);
        }
    }

    /** The same limits for statements that commit by themselves, until {@link StreamTables#limit} takes them off again. */
    public static void limit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS_OF_SESSION);
        }
    }

    /** Ends the transaction, and returns its failure, unless another session holds a lock. */
    public static OutageException meaning(Connection connection, SQLException failure, String held, String doing)
            throws BusyException {
        rollBack(connection, failure);
        if (SqlFailures.isBusy(failure)) {
            throw new BusyException(held, failure);
        }
        return SqlFailures.outage(doing, failure);
    }

    public static void lock(Connection connection, String table, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN " + mode + " MODE");
        }
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            if (connection.getAutoCommit()) {
                StreamTables.limit(connection);
                connection.setAutoCommit(false);
            }
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
