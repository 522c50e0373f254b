package io.rowrelay.sandbox;

import io.rowrelay.sandbox.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Both databases as an observer sees them, through connections of its own. For one thread. */
final class DemoDatabases implements AutoCloseable {
    private static final Duration EQUAL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(5);

    /** The number of rows and a sum over their contents: cheap enough to ask many times a second. */
    private static final String FINGERPRINT = """
            SELECT count(*) || ' ' || coalesce(
                       bit_xor(hashtextextended(row(emp_id, first_name, last_name, dob, city, salary)::text, 0)), 0)
              FROM employees
            """;

    private static final String RESERVE = """
            SELECT setval(sequence, nextval(sequence) + %d - 1)
              FROM pg_get_serial_sequence('employees', 'emp_id') AS sequence
            """;

    private final Connection source;
    private final Connection destination;

    private DemoDatabases(Connection source, Connection destination) {
        this.source = source;
        this.destination = destination;
    }

    static DemoDatabases connect(PostgresServer source, PostgresServer destination) throws SQLException {
        return new DemoDatabases(source.connect(), destination.connect());
    }

    /** Runs a statement on the source and returns the number of rows it changed. */
    int change(String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** Waits until the destination shows what the source shows; returns how long that took, empty after a minute. */
    Optional<Duration> awaitEqual() throws SQLException {
        long startNanos = System.nanoTime();
        Duration waited = Duration.ZERO;
        while (!fingerprint(source).equals(fingerprint(destination))) {
            if (waited.compareTo(EQUAL_TIMEOUT) >= 0) {
                return Optional.empty();
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
            waited = Duration.ofNanos(System.nanoTime() - startNanos);
        }
        return Optional.of(waited);
    }

    /** Takes ids from the source's sequence; returns the first of them. */
    int reserveIds(int count) throws SQLException {
        return (int) (number(source, RESERVE.formatted(count)) - count + 1);
    }

    /** How many rows the destination has. */
    long destinationRows() throws SQLException {
        return number(destination, "SELECT count(*) FROM employees");
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            destination.close();
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static String fingerprint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(FINGERPRINT)) {
            result.next();
            return result.getString(1);
        }
    }
}
