package io.rowrelay.common.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Sessions for a command that somebody waits for. The daemons' deadlines are short, because they try for ever; a command tries
 * once, so on a busy machine it waits for as long as its user says. For one thread.
 */
public final class PatientSessions implements AutoCloseable {
    private static final Duration ANSWER_ON_THE_WAY = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final Duration timeout;

    private PatientSessions(HikariDataSource pool, Duration timeout) {
        this.pool = pool;
        this.timeout = timeout;
    }

    /**
     * Does not connect yet.
     *
     * @param name as in {@link Databases#open}
     * @param connections at most
     * @param sessionSettings further statements that each new session runs; they may give statements another time
     * @param timeout how long a session may take to be opened, and a statement to be answered
     */
    public static PatientSessions open(
            DatabaseSettings settings, String name, int connections, String sessionSettings, Duration timeout) {
        return new PatientSessions(
                Databases.open(
                        settings,
                        name,
                        connections,
                        "SET statement_timeout = " + timeout.toMillis() + ";" + sessionSettings,
                        new SimpleMeterRegistry(),
                        new Databases.Deadlines(timeout, timeout.plus(ANSWER_ON_THE_WAY), timeout)),
                timeout);
    }

    /**
     * A session; the caller closes it.
     *
     * @throws SQLException at once where the server refuses or nobody listens; else when the time is up, in words of our own
     */
    public Connection get() throws SQLException {
        return get(false);
    }

    /** The same, for work that is worth waiting for a server that is down or starts. */
    public Connection getOnceThere() throws SQLException {
        return get(true);
    }

    /** Gives up a session for good: it is not to be given to anybody again. */
    public void evict(Connection session) {
        pool.evictConnection(session);
    }

    private Connection get(boolean evenWhereNobodyListens) throws SQLException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLException failure) {
                if (!SqlFailures.isOutOfReach(failure) || (!evenWhereNobodyListens && nobodyListens(failure))) {
                    throw failure;
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw tooLate(failure);
                }
            }
        }
    }

    /** The message of the driver or the server comes first: it says more. */
    private SQLException tooLate(SQLException failure) {
        boolean noAnswer = SqlFailures.hasNoConnection(failure) && !nobodyListens(failure);
        if (!noAnswer) {
            return failure;
        }
        SQLException plain = new SQLException("the server opened no session within " + timeout.toSeconds()
                + " s: it does not answer, or it is busy; --timeout lets the command wait for longer");
        plain.addSuppressed(failure);
        return plain;
    }

    private static boolean nobodyListens(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }
}
