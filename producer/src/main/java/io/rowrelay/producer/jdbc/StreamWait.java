package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Looks inside the server for changes of a stream of several tables while nothing happens, as {@link ChangeWait} does for one table.
 * What it looks for is what makes {@link StreamLook} read: it reads no table. Not thread-safe.
 */
final class StreamWait {
    private final Connection connection;
    private final String wait;

    /** Waits for changes numbered by a sequence; looks every {@code interval}. */
    StreamWait(Connection connection, long actionIds, Duration interval, Duration longest) {
        this.connection = connection;
        this.wait = "DO "
                + Identifiers.literal("""
                <<wait>>
                DECLARE
                    given CONSTANT text := current_setting('rowrelay.read');
                    drawn CONSTANT bigint := current_setting('rowrelay.drawn');
                    writers CONSTANT xid8[] := current_setting('rowrelay.writers');
                    unnamed CONSTANT xid8 := current_setting('rowrelay.unnamed');
                    due CONSTANT boolean := current_setting('rowrelay.due');
                BEGIN
                    FOR look IN 1..%1$d LOOP
                        PERFORM pg_sleep(%2$s);
                        CONTINUE WHEN pg_current_snapshot()::text = wait.given;
                        EXIT WHEN wait.due OR coalesce(pg_sequence_last_value(%3$d::oid), 0) <> wait.drawn
                            OR pg_snapshot_xmax(pg_current_snapshot()) > wait.unnamed OR %4$s;
                        COMMIT;
                    END LOOP;
                END
                """.formatted(
                                longest.dividedBy(interval),
                                interval.toNanos() / 1e9,
                                actionIds,
                                WindowRule.hasEnded("wait.writers", WindowRule.NOW)));
    }

    /** Returns when there may be changes after what has been looked at, or when none have come for a while. */
    void await(String lookedTo, StreamLook look) throws SQLException {
        connection.setAutoCommit(true);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT set_config('rowrelay.read', ?, false), set_config('rowrelay.drawn', ?, false),"
                        + " set_config('rowrelay.writers', ?, false), set_config('rowrelay.due', ?, false),"
                        + " set_config('rowrelay.unnamed', ?, false)")) {
            statement.setString(1, lookedTo);
            statement.setString(2, Long.toString(look.drawn()));
            statement.setString(3, look.writersAsArray());
            statement.setString(4, Boolean.toString(look.isDue()));
            statement.setString(5, look.unnamed());
            statement.execute();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(wait);
        }
        connection.setAutoCommit(false);
    }
}
