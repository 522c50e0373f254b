package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.ChangedTables;
import io.rowrelay.producer.capture.OpenTransactions;
import io.rowrelay.stream.table.jdbc.StreamRegistry;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import io.rowrelay.stream.window.Snapshot;
import io.rowrelay.stream.window.jdbc.WindowRule;
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
    private static final OpenTransactions NONE = new OpenTransactions(new long[0], 0, 0);
    private static final long FIRST_ID = 3;
    private static final long MOST_OF_32_BITS = 0xffff_ffffL;

    /**
     * The snapshot of the statement is taken before the sequences are read. The age of the first id, in 32 bits, tells the next one: the
     * snapshot ends behind the last transaction that has ended, and does not name those that have begun since.
     */
    private static final String LOOK = """
            SELECT now.snapshot::text, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint, now.drawn,
                   CASE WHEN due.is THEN ARRAY(SELECT coalesce(pg_sequence_last_value(t.oid), 0)
                                               FROM unnest('{%2$s}'::oid[]) WITH ORDINALITY t(oid, place) ORDER BY t.place) END,
                   CASE WHEN due.is THEN %3$s END, age('3'::xid), pg_current_wal_insert_lsn()::text
            FROM (SELECT pg_current_snapshot() AS snapshot, coalesce(pg_sequence_last_value(%1$d::oid), 0) AS drawn,
                         ?::bigint AS known, ?::boolean AS again, ?::xid8[] AS writers, ?::text::xid8 AS unnamed OFFSET 0) now
            CROSS JOIN LATERAL (SELECT now.drawn <> now.known OR now.again
                    OR pg_snapshot_xmax(now.snapshot) > now.unnamed OR %4$s AS is OFFSET 0) due""";

    /**
     * What a look has found.
     *
     * @param snapshot up to where the tables are to be read
     * @param takenAt when it was taken, by the clock of the source
     * @param wal the end of the WAL, a pg_lsn, behind all that the snapshot shows
     * @param tables those that can have changes which are not visible in the snapshot of the look before
     */
    record Found(Snapshot snapshot, Instant takenAt, String wal, BitSet tables) {}

    private final Connection connection;
    private final String look;
    private final String stream;
    private final String members;
    private final ChangedTables changed;
    private final BitSet none = new BitSet();
    private long drawn = -1;
    /** Who may still write changes though the stream's sequence does not move; null where that is not known yet. */
    private @Nullable OpenTransactions writers;

    StreamLook(Connection connection, Registered registered) {
        this.connection = connection;
        this.look = LOOK.formatted(
                registered.actionIds(),
                registered.drawn().stream().map(String::valueOf).collect(Collectors.joining(",")),
                StreamRegistry.MEMBERS,
                WindowRule.hasEnded("now.writers", "now.snapshot"));
        this.stream = registered.stream().name();
        this.members = registered.members();
        this.changed = new ChangedTables(registered.drawn().size());
    }

    /** Looks; {@code before} is the snapshot up to where all is read. */
    Found look(Snapshot before) throws SQLException, OutageException {
        connection.setAutoCommit(true);
        Found found;
        try (PreparedStatement statement = connection.prepareStatement(look)) {
            statement.setString(1, stream);
            statement.setLong(2, drawn);
            statement.setBoolean(3, writers == null);
            statement.setString(4, writersAsArray());
            statement.setString(5, unnamed());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                found = found(row, before);
            }
        }
        connection.setAutoCommit(false);
        return found;
    }

    private Found found(ResultSet row, Snapshot before) throws SQLException, OutageException {
        Snapshot now = Snapshot.parse(String.valueOf(row.getString(1)));
        Instant takenAt = Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS);
        String wal = String.valueOf(row.getString(7));
        Array sequences = row.getArray(4);
        // Nothing has ended, so there is nothing new to see.
        if (sequences == null || now.equals(before)) {
            return new Found(now, takenAt, wal, none);
        }
        if (!members.equals(row.getString(5))) {
            // The changes of a new table, which may be what has been drawn for, must not be passed over.
            throw new OutageException(
                    "a table has come into stream " + stream + "; beginning again with those of now", null);
        }
        OpenTransactions open = OpenTransactions.at(now, next(now, row.getInt(6)));
        follow(now, open, row.getLong(3));
        long[] values = Arrays.stream((Long[]) sequences.getArray())
                .mapToLong(Long::longValue)
                .toArray();
        return new Found(now, takenAt, wal, changed.look(now, open, values));
    }

    /** The first id that is not given out yet. */
    private static long next(Snapshot now, int age) {
        return now.next() + ((age + FIRST_ID - now.next()) & MOST_OF_32_BITS);
    }

    private void follow(Snapshot now, OpenTransactions open, long value) {
        OpenTransactions known = writers;
        if (value != drawn) {
            drawn = value;
            writers = null;
        } else {
            writers = known == null ? open : known.left(now);
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
        return Arrays.stream(known().named()).mapToObj(Long::toString).collect(Collectors.joining(",", "{", "}"));
    }

    /** The end of a transaction with this id or a larger one makes a look read, too. */
    String unnamed() {
        return Long.toString(known().unnamed());
    }

    private OpenTransactions known() {
        OpenTransactions known = writers;
        return known == null ? NONE : known;
    }
}
