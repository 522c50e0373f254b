package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells records that can never fit the destination from a destination that is at its limits: the server says SQLSTATE 54000
 * and 54001 of both, of a text too long for an index and of transaction ids that ran out.
 *
 * <p>A record is at fault when it fails by itself several times, each time in a new session, while a write beside it passes.
 * Until then it is an outage. Not thread-safe.
 */
public final class ServerLimits {
    private static final int ATTEMPTS = 5;
    private static final String CONTROL_KEY = "rowrelay control, never committed";

    private final int enough;
    private final Map<Origin, Integer> attempts = new HashMap<>();

    /** For work that is repeated until it succeeds. */
    public ServerLimits() {
        this(ATTEMPTS);
    }

    /** A record that has failed {@code enough} times is at fault. */
    ServerLimits(int enough) {
        this.enough = enough;
    }

    private record Origin(Partition partition, long offset) {
        static Origin of(TopicRecord record) {
            return new Origin(record.partition(), record.offset());
        }
    }

    /**
     * Passes when every record that met a limit is at fault itself; otherwise counts the attempt.
     *
     * @throws SQLException when one may not be: the batch is to be repeated as in any outage
     */
    public void confirm(Connection connection, String stream, List<RejectedChange> rejections) throws SQLException {
        Map<Origin, Integer> now = new HashMap<>();
        String state = "";
        for (RejectedChange rejection : rejections) {
            if (rejection.isLimit()) {
                Origin origin = Origin.of(rejection.change().origin());
                now.put(origin, attempts.getOrDefault(origin, 0) + 1);
                state = rejection.state();
            }
        }
        attempts.clear();
        attempts.putAll(now);
        if (now.isEmpty()) {
            return;
        }
        if (now.values().stream().anyMatch(times -> times < enough)) {
            throw new SQLException(
                    "a limit of the server is exceeded, by a record or by the server itself: trying again", state);
        }
        writeBeside(connection, stream);
    }

    /** Another row in the same transaction, behind the same kind of savepoint. */
    private static void writeBeside(Connection connection, String stream) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (PreparedStatement statement = RolePath.prepare(
                connection,
                "INSERT INTO {cdc_tombstone} (stream, key, action_id) VALUES (?, ?, 1)"
                        + " ON CONFLICT (stream, key) DO UPDATE SET action_id = 1")) {
            statement.setString(1, stream);
            statement.setString(2, CONTROL_KEY);
            statement.executeUpdate();
        }
        connection.rollback(savepoint);
        connection.releaseSavepoint(savepoint);
    }
}
