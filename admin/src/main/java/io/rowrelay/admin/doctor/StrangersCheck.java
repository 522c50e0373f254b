package io.rowrelay.admin.doctor;

import io.rowrelay.stream.jdbc.StreamLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Whether somebody tries to keep producers from their lock. */
final class StrangersCheck {
    static final Problem LOCK_STRANGER = Problem.warning(
            "lock-stranger",
            "A session holds an advisory lock of the stream's lock, but its role cannot be a producer's. It keeps no producer"
                    + " out, but nobody needs such a lock: it can be an attack.");

    static final Check CHECK = Check.ofSource(
            "strangers", Subject.PRODUCER, Set.of(Need.CAPTURE), List.of(LOCK_STRANGER), StrangersCheck::look);

    private StrangersCheck() {}

    private static List<CheckResult> look(Connection connection, CheckContext context) throws SQLException {
        List<CheckResult> found = StreamLock.ofProducer(context.stream()).strangers(connection).stream()
                .map(stranger -> CheckResult.found(
                        LOCK_STRANGER,
                        stranger.toString(),
                        Remedy.inSource("SELECT pg_terminate_backend(" + stranger.pid() + ");"),
                        Remedy.byHand("take from role " + stranger.role()
                                + " the right to connect, unless it needs that:" + " REVOKE CONNECT ON DATABASE")))
                .toList();
        return CheckResult.orOk(found, "nobody but producers holds the stream's lock");
    }
}
