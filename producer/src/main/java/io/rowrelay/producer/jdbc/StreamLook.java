package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.ChangedTables;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks which tables of a stream can have new changes. While nothing happens a look asks for the snapshot and one sequence, however
 * many tables there are: see {@link ChangedTables} for the rule, which holds for all tables together too. Not thread-safe.
 */
final class StreamLook {
    private static final long[] NONE = {};

    /** The snapshot of the statement is taken before the sequences are read. */
    private static final String LOOK = """
            SELECT now.snapshot::text, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint, now.drawn,
                   CASE WHEN now.drawn <> ? OR ? OR EXISTS (SELECT FROM unnest(?::xid8[]) w(xid) WHERE pg_visible_in_snapshot(w.xid, now.snapshot))
                        THEN ARRAY(SELECT coalesce(pg_sequence_last_value(t.oid), 0)
                                   FROM unnest('{%2$s}'::oid[]) WITH ORDINALITY t(oid, place) ORDER BY t.place) END
            FROM (SELECT pg_current_snapshot() AS snapshot, coalesce(pg_sequence_last_value(%1$d::oid), 0) AS drawn OFFSET 0) now""";

    /**
     * What a look has found.
     *
     * @param snapshot up to where the tables are to be read
     * @param takenAt when it was taken, by the clock of the source
     * @param tables those that can have changes which are not visible in the snapshot of the look before
     */
    record Found(Snapshot snapshot, Instant takenAt, BitSet tables) {}

    private final Connection connection;
    private final String look;
    private final ChangedTables changed;
    private final BitSet none = new BitSet();
    private long drawn = -1;
    /** Who may still write changes though the stream's sequence does not move; null where that is not known yet. */
    private long @Nullable [] writers;

    StreamLook(Connection connection, Registered registered) {
        this.connection = connection;
        this.look = LOOK.formatted(
                registered.actionIds(),
                registered.drawn().stream().map(String::valueOf).collect(Collectors.joining(",")));
        this.changed = new ChangedTables(registered.drawn().size());
    }

    /** Looks; {@code before} is the snapshot up to where all is read. */
    Found look(Snapshot before) throws SQLException {
        connection.setAutoCommit(true);
        Found found;
        try (PreparedStatement statement = connection.prepareStatement(look)) {
            statement.setLong(1, drawn);
            statement.setBoolean(2, writers == null);
            statement.setString(3, writersAsArray());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                found = found(row, before);
            }
        }
        connection.setAutoCommit(false);
        return found;
    }

    private Found found(ResultSet row, Snapshot before) throws SQLException {
        Snapshot now = Snapshot.parse(String.valueOf(row.getString(1)));
        Instant takenAt = Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS);
        Array sequences = row.getArray(4);
        // Nothing has ended, so there is nothing new to see.
        if (sequences == null || now.equals(before)) {
            return new Found(now, takenAt, none);
        }
        follow(now, row.getLong(3));
        long[] values = Arrays.stream((Long[]) sequences.getArray())
                .mapToLong(Long::longValue)
                .toArray();
        return new Found(now, takenAt, changed.look(now, values));
    }

    private void follow(Snapshot now, long value) {
        long[] known = writers;
        if (value != drawn) {
            drawn = value;
            writers = null;
        } else if (known == null) {
            writers = now.running();
        } else {
            long[] left = Arrays.stream(known).filter(now::isRunning).toArray();
            writers = left.length == 0 ? NONE : left;
        }
    }

    /** The value of the stream's sequence that has been seen. */
    long drawn() {
        return drawn;
    }

    /** Whether the next look reads, whatever it finds. */
    boolean isDue() {
        return writers == null;
    }

    /** Those whose end makes a look read, as an array of PostgreSQL. */
    String writersAsArray() {
        long[] known = writers;
        return known == null
                ? "{}"
                : Arrays.stream(known).mapToObj(Long::toString).collect(Collectors.joining(",", "{", "}"));
    }
}
