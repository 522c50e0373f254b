package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The lock in the source database that one session at a time can hold for a stream: as its active producer, or to set its
 * checkpoint anew. It ends with the session.
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

    /** Describes the session that holds the lock, or nothing when none does or may be seen. */
    public static Optional<String> holder(Connection connection, String stream) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT format('pid %s, application %s, from %s', a.pid, a.application_name, coalesce(host(a.client_addr), 'a local socket'))
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(?, 0)""")) {
            statement.setString(1, name(stream));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static String name(String stream) {
        return "rowrelay producer of stream " + stream;
    }
}
