package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Gives a connection time for work that is long by nature, while everything else on it is to be answered within
 * {@link Databases#SOCKET_DEADLINE}. The server's own deadline is below the network's, so that both sides give up.
 *
 * <p>Not thread-safe, as connections are not.
 */
public final class LongWork {
    /** The server ends a statement after this; a session whose statements are short has a shorter one of its own. */
    public static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(60);

    private static final Duration SOCKET_DEADLINE = Duration.ofSeconds(65);

    private LongWork() {}

    /**
     * Begins long work in the transaction that is open or begins with it. The first statement is still a short one: a
     * connection that has died meanwhile is noticed now, not by the long statement.
     */
    public static void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + STATEMENT_DEADLINE.toMillis());
        }
        limit(connection, SOCKET_DEADLINE);
    }

    /** Ends it, after its transaction; a connection that goes back to its pool, or is thrown away, needs no end. */
    public static void end(Connection connection) throws SQLException {
        limit(connection, Databases.SOCKET_DEADLINE);
    }

    private static void limit(Connection connection, Duration deadline) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) deadline.toMillis());
    }
}
