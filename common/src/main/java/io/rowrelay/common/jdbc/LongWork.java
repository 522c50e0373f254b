package io.rowrelay.common.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Gives one kind of work, which can take long, more time on a connection; everything else there must be answered within {@link
 * Databases#SOCKET_DEADLINE}. The time that the work took decides how long it may take next, so that a connection which dies is
 * noticed soon where the work takes a moment. Work that ran into its
 * deadline has more time when it is repeated. The server's own deadline is below the network's: both sides give up.
 *
 * <p>One for each kind of work, which outlives the connections. Not thread-safe, as connections are not.
 */
public final class LongWork {
    private static final List<Duration> DEADLINES =
            List.of(Databases.STATEMENT_DEADLINE, Duration.ofSeconds(16), Duration.ofSeconds(60));

    private static final Duration NETWORK_MARGIN = Duration.ofSeconds(1);
    /** Work that takes more than one part in this many of its deadline has a longer one next time. */
    private static final int SPARE = 2;

    private final List<Duration> deadlines;
    private final LongSupplier nanoClock;
    private int chosen;

    /** Work that is mostly done in a moment. Deadlines are 4, 16 and 60 seconds. */
    public LongWork(LongSupplier nanoClock) {
        this(Duration.ZERO, nanoClock);
    }

    /** Work that is expected to take this long until it has been done once. */
    public LongWork(Duration expected, LongSupplier nanoClock) {
        this(DEADLINES, expected, nanoClock);
    }

    public LongWork(List<Duration> deadlines, Duration expected, LongSupplier nanoClock) {
        this.deadlines = List.copyOf(deadlines);
        this.nanoClock = nanoClock;
        this.chosen = enoughFor(expected);
    }

    /** The work. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException, OutageException;
    }

    /**
     * Runs work that ends its transaction itself. Where it may take longer than every other statement, a short statement sets
     * the server's deadline first; it also shows whether the connection has died. After a failure the connection is to be
     * thrown away.
     *
     * @throws SQLException with SQLSTATE 57014 or 08006 if it took too long; a repetition has more time, up to a minute
     */
    public <T> T run(Connection connection, Work<T> work) throws SQLException, OutageException {
        boolean longer = isLonger();
        if (longer) {
            renew(connection);
            limit(connection, deadlines.get(chosen).plus(NETWORK_MARGIN));
        }
        long from = nanoClock.getAsLong();
        T result;
        try {
            result = work.run();
        } catch (SQLException failure) {
            if (elapsed(from).compareTo(deadlines.get(chosen)) >= 0) {
                chosen = Math.min(chosen + 1, deadlines.size() - 1);
            }
            throw failure;
        }
        chosen = enoughFor(elapsed(from));
        if (longer) {
            limit(connection, Databases.SOCKET_DEADLINE);
        }
        return result;
    }

    /** Sets the server's deadline again, which ends with each transaction, committed or rolled back. */
    public void renew(Connection connection) throws SQLException {
        if (!isLonger()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET LOCAL statement_timeout = " + deadlines.get(chosen).toMillis());
        }
    }

    /**
     * Whether the work may take longer than any other statement; otherwise the session's own deadline does, which saves a
     * round trip.
     */
    public boolean isLonger() {
        return !deadlines.get(chosen).equals(Databases.STATEMENT_DEADLINE);
    }

    private Duration elapsed(long from) {
        return Duration.ofNanos(nanoClock.getAsLong() - from);
    }

    private int enoughFor(Duration expected) {
        Duration needed = expected.multipliedBy(SPARE);
        int index = 0;
        while (index < deadlines.size() - 1 && deadlines.get(index).compareTo(needed) < 0) {
            index++;
        }
        return index;
    }

    private static void limit(Connection connection, Duration deadline) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) deadline.toMillis());
    }
}
