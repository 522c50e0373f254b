package io.rowrelay.bench.measure;

import io.rowrelay.bench.replication.DatabasePair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What the daemons leave behind while a transaction is open: the old versions of the rows in which they keep checkpoint and progress,
 * which cannot be removed. Written directly, each where the one before was, so that an hour of them takes seconds.
 */
final class OldVersions {
    /** What the producer saved a second, and the consumer moved on, at 500 transactions a second. */
    private static final int CHECKPOINTS_PER_SECOND = 10;

    private static final int PLACES_PER_SECOND = 500;

    /**
     * The parameters: table, versions of all its rows together. Locked first, since the daemons write the same rows now and then.
     * By their place only: planned while the table is a page, each UPDATE would read all of what has been written since.
     */
    private static final String WRITE = """
            DO $$
            DECLARE
                place tid;
                versions CONSTANT integer := %2$d / (SELECT count(*) FROM %1$s);
            BEGIN
                SET LOCAL enable_seqscan = off;
                FOR place IN SELECT ctid FROM %1$s FOR UPDATE LOOP
                    FOR version IN 1..versions LOOP
                        UPDATE %1$s SET updated_at = updated_at WHERE ctid = place RETURNING ctid INTO STRICT place;
                    END LOOP;
                END LOOP;
            END
            $$""";

    private OldVersions() {}

    /** As many as that time leaves. The daemons should have nothing to do meanwhile. */
    static void write(DatabasePair databases, Duration time) throws SQLException {
        int seconds = Math.toIntExact(time.toSeconds());
        try (Connection source = databases.connectToSource();
                Connection destination = databases.connectToDestination()) {
            write(source, "cdc_offset", seconds * CHECKPOINTS_PER_SECOND);
            write(destination, "cdc_progress", seconds * PLACES_PER_SECOND);
        }
    }

    private static void write(Connection connection, String table, int versions) throws SQLException {
        DatabasePair.execute(connection, WRITE.formatted(table, versions));
    }
}
