package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.resync.BusyException;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.TransientFailureException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A transaction that gives up rather than wait: whoever waits for a lock makes everyone behind it wait too. It gives up
 * long before the server looks for deadlocks, so it never makes a session of an application the victim of one.
 */
final class ShortTransaction {
    private static final String LIMITS = "SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = '10s'";
    /** Lock not available, deadlock, serialization failure, statement time-out. */
    private static final Set<String> BUSY = Set.of("55P03", "40P01", "40001", "57014");

    private ShortTransaction() {}

    /** What is done in it. */
    @FunctionalInterface
    interface Work {
        int run() throws SQLException;
    }

    static int run(Connection connection, String held, String doing, Work work)
            throws BusyException, TransientFailureException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS);
            int result = work.run();
            connection.commit();
            return result;
        } catch (SQLException failure) {
            rollBack(connection, failure);
            if (BUSY.contains(String.valueOf(SqlFailures.sqlState(failure)))) {
                throw new BusyException(held, failure);
            }
            throw SqlFailures.outage(doing, failure);
        }
    }

    static void lock(Connection connection, String table, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN " + mode + " MODE");
        }
    }

    private static void rollBack(Connection connection, SQLException failure) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
