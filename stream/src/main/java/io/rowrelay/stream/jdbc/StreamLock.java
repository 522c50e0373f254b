package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A lock in a database that one session at a time can hold for a stream; it ends with the session.
 *
 * <p>Any role that may connect can take any advisory lock, and sees in pg_locks which ones others hold. So this lock counts
 * only in the hands of a role that may write the table that it guards, and it has no number of its own: whoever takes it
 * takes a number at random, while a lock on the table keeps others of those roles away for this moment. So a stranger cannot
 * keep it from anybody, whatever numbers it holds.
 */
public final class StreamLock {
    private static final SecureRandom NUMBERS = new SecureRandom();

    /**
     * Sessions that hold a number of the lock, and may hold it or may not. A member of a role may act as this role. One that has
     * ended meanwhile, or connected just now, may have been anybody.
     */
    private static final String HOLDERS = """
            SELECT DISTINCT l.pid, a.usename, a.application_name, a.backend_start,
                   CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr)
                        WHEN a.backend_start IS NOT NULL THEN 'a local socket' END
            FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = hashtext(?)::oid
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              -- A prepared transaction has none.
              AND l.pid IS NOT NULL
              AND (a.pid IS NULL OR EXISTS (
                  SELECT FROM pg_roles r
                  WHERE has_table_privilege(r.oid, GUARDED, 'UPDATE') AND pg_has_role(a.usesysid, r.oid, 'MEMBER'))) = ?""".replace("GUARDED", RolePath.table("?"));

    private final String name;
    private final String guarded;

    private StreamLock(String name, String guarded) {
        this.name = name;
        this.guarded = guarded;
    }

    /** The lock of the active producer, and of a command that sets the checkpoint again. */
    public static StreamLock ofProducer(String stream) {
        return new StreamLock("rowrelay producer of stream " + stream, "cdc_offset");
    }

    /** The lock of a backfill. */
    public static StreamLock ofBackfill(String stream) {
        return new StreamLock("rowrelay backfill of stream " + stream, "cdc_backfill");
    }

    /** The lock of the active consumer of a stream that is applied in cuts, in the destination. */
    public static StreamLock ofConsumer(String stream) {
        return new StreamLock("rowrelay consumer of stream " + stream, "cdc_applied");
    }

    /**
     * Takes the lock for the session of the connection, unless another session holds it. The caller ends the transaction soon:
     * until then nobody else can take it.
     */
    public boolean tryTake(Connection connection) throws SQLException {
        if (holder(connection).isPresent()) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            // Does not wait for those who write the table.
            statement.execute("LOCK TABLE " + RolePath.schema(connection, guarded) + "." + guarded
                    + " IN SHARE UPDATE EXCLUSIVE MODE");
            // A transaction sees the sessions as they were when it looked first.
            statement.execute("SELECT pg_stat_clear_snapshot()");
        }
        return holder(connection).isEmpty()
                && Query.one(
                        connection,
                        "SELECT pg_try_advisory_lock(hashtext(?), ?)",
                        row -> row.getBoolean(1),
                        name,
                        NUMBERS.nextInt());
    }

    /**
     * A session.
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
            return "pid " + pid + ", role " + role + ", application " + application
                    + address.map(from -> ", from " + from).orElse("");
        }
    }

    /** Returns the session that holds the lock, or nothing when none does. */
    public Optional<Holder> holder(Connection connection) throws SQLException {
        return Query.first(connection, HOLDERS, StreamLock::read, name, guarded, true);
    }

    /** Returns the sessions that hold numbers of the lock although their roles cannot hold it: they keep nobody out. */
    public List<Holder> strangers(Connection connection) throws SQLException {
        return Query.list(connection, HOLDERS, StreamLock::read, name, guarded, false);
    }

    private static Holder read(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject(4, OffsetDateTime.class);
        return new Holder(
                row.getInt(1),
                String.valueOf(row.getString(2)),
                String.valueOf(row.getString(3)),
                Optional.ofNullable(row.getString(5)),
                Optional.ofNullable(since).map(OffsetDateTime::toInstant));
    }
}
