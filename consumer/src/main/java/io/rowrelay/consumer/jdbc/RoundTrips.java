package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.apply.DestinationBehindException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Statements of one transaction that go to the server together, as many as the memory bears, and are answered together: a small
 * batch costs one round trip, not one for each statement. They take effect in their order, each sees what those before it
 * did, and one that fails keeps the later ones from running. Not thread-safe.
 */
final class RoundTrips {
    /** What one trip carries at most, unless a single statement does, so that wide rows cannot fill the memory of either side. */
    static final int BYTES = 8 << 20;

    /** Sets the parameters of a statement, the first of them at the place given; returns the place after the last. */
    @FunctionalInterface
    interface Parameters {
        int set(PreparedStatement statement, int first) throws SQLException;
    }

    /** Takes the answer to a statement, the current result of what is given. */
    @FunctionalInterface
    interface Answer {
        void take(PreparedStatement answered) throws SQLException, DestinationBehindException;
    }

    private record Waiting(String sql, Parameters parameters, Answer answer) {}

    private final Connection connection;
    private final List<Waiting> waiting = new ArrayList<>();
    private long waitingBytes;

    RoundTrips(Connection connection) {
        this.connection = connection;
    }

    /** Adds a statement whose parameters take about so many bytes. What has to go before it for their sake goes now. */
    void add(String sql, long bytes, Parameters parameters, Answer answer)
            throws SQLException, DestinationBehindException {
        if (waitingBytes > 0 && waitingBytes + bytes > BYTES) {
            send();
        }
        waiting.add(new Waiting(sql, parameters, answer));
        waitingBytes += bytes;
    }

    /** Sends what has been added since the last time, and hears the answers. */
    void send() throws SQLException, DestinationBehindException {
        if (waiting.isEmpty()) {
            return;
        }
        String together = waiting.stream().map(Waiting::sql).collect(Collectors.joining("; "));
        try (PreparedStatement statement = connection.prepareStatement(together)) {
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
