package io.rowrelay.stream.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The lock in the source database that one session at a time can hold for a stream: as its active producer, or to set its
 * checkpoint again. It ends with the session.
 */
public final class StreamLock {
    private StreamLock() {}

    /** Takes the lock for the session of the connection, unless another session holds it; does not wait. */
    public static boolean tryTake(Connection connection, String stream) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended(?, 0))")) {
            statement.setString(1, name(stream));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /**
     * The session that holds the lock.
     *
     * @param pid its process on the server
     * @param role who it is signed in as
     * @param application what it calls itself
     * @param address where it comes from; empty where the asking role may not see that
     * @param since when it connected; empty likewise
     */
    public record Holder(int pid, String role, String application, Optional<String> address, Optional<Instant> since) {
        @Override
        public String toString() {
            return "pid " + pid + ", application " + application
                    + address.map(from -> ", from " + from).orElse("");
        }
    }

    /** Returns the session that holds the lock, or nothing when none does or may be seen. */
    public static Optional<Holder> holder(Connection connection, String stream) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT a.pid, a.usename, a.application_name, a.backend_start,
                       CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr)
                            WHEN a.backend_start IS NOT NULL THEN 'a local socket' END
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(?, 0)""")) {
            statement.setString(1, name(stream));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                OffsetDateTime since = row.getObject(4, OffsetDateTime.class);
                return Optional.of(new Holder(
                        row.getInt(1),
                        String.valueOf(row.getString(2)),
                        String.valueOf(row.getString(3)),
                        Optional.ofNullable(row.getString(5)),
                        Optional.ofNullable(since).map(OffsetDateTime::toInstant)));
            }
        }
    }

    private static String name(String stream) {
        return "rowrelay producer of stream " + stream;
    }
}
