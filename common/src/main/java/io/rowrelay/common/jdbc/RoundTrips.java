package io.rowrelay.common.jdbc;

import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Statements of one transaction that go to the server together, as long as they are short, and are answered together: a small
 * batch costs one round trip, not one for each statement. They take effect in their order, each sees what those before it
 * did, and one that fails keeps the later ones from running. A large statement goes alone, after an answer to those before it:
 * writing it to a connection that has died would hang until TCP notices. Not thread-safe.
 */
public final class RoundTrips {
    /** What fits into the buffers of any connection. */
    private static final int SHORT_BYTES = 32 << 10;

    /** Sets the parameters of a statement, the first of them at the position given; returns the position after the last. */
    @FunctionalInterface
    public interface Parameters {
        int set(PreparedStatement statement, int first) throws SQLException;
    }

    /** Takes the answer to a statement, the current result of what is given. */
    @FunctionalInterface
    public interface Answer {
        void take(PreparedStatement answered) throws SQLException, OutageException;
    }

    private record Waiting(String sql, Parameters parameters, Answer answer) {}

    private final Connection connection;
    private final long mostBytes;
    private final List<Waiting> waiting = new ArrayList<>();
    private long waitingBytes;

    /** Short statements go together. */
    public RoundTrips(Connection connection) {
        this(connection, SHORT_BYTES);
    }

    private RoundTrips(Connection connection, long mostBytes) {
        this.connection = connection;
        this.mostBytes = mostBytes;
    }

    /** A statement with parameters that take bytes goes alone, since each of them may take its time. */
    public static RoundTrips oneByOne(Connection connection) {
        return new RoundTrips(connection, 0);
    }

    /** Adds a statement, prepared as {@link RolePath#prepare} does, whose parameters take about this many bytes. Sends first what no longer fits beside it. */
    public void add(String sql, long bytes, Parameters parameters, Answer answer) throws SQLException, OutageException {
        if (waitingBytes + bytes > mostBytes) {
            send();
        }
        waiting.add(new Waiting(sql, parameters, answer));
        waitingBytes += bytes;
    }

    /** Sends what has been added since the last time, and reads the answers. */
    public void send() throws SQLException, OutageException {
        if (waiting.isEmpty()) {
            return;
        }
        String together = waiting.stream().map(Waiting::sql).collect(Collectors.joining("; "));
        try (PreparedStatement statement = RolePath.prepare(connection, together)) {
            int parameter = 1;
            for (Waiting each : waiting) {
                parameter = each.parameters().set(statement, parameter);
            }
            statement.execute();
            for (int i = 0; i < waiting.size(); i++) {
                if (i > 0) {
                    statement.getMoreResults();
                }
                waiting.get(i).answer().take(statement);
            }
        }
        waiting.clear();
        waitingBytes = 0;
    }
}
