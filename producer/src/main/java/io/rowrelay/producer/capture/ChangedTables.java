package io.rowrelay.producer.capture;

import io.rowrelay.stream.window.Snapshot;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tables of a stream can have changes that the last window did not have. A look at the index of each change table would cost 20
 * microseconds a table; the sequences of the change tables, which a change draws from, cost one and a half.
 *
 * <p>A table is read when its sequence has moved. What drew from it may still be running: its transaction had its id before, so it is
 * among those that are open at the next look. So the table is read again at that look, and then whenever one of those has ended. Between
 * two looks that find a sequence of the whole stream unmoved, and none of the transactions ended that were running when it had moved
 * last, there need not be one here. Not thread-safe.
 */
public final class ChangedTables {
    private final long[] drawn;
    /** The transactions that may still write changes of each table, though its sequence does not move; null where they are not known yet. */
    private final @Nullable OpenTransactions[] writers;

    /** The first look finds all of them. */
    public ChangedTables(int tables) {
        this.drawn = new long[tables];
        this.writers = new OpenTransactions[tables];
        Arrays.fill(drawn, -1);
    }

    /**
     * Returns the tables to read.
     *
     * @param now the snapshot up to which they are read
     * @param open the transactions that are open at that snapshot
     * @param sequences the last value of each table's sequence, read after the snapshot was taken
     */
    public BitSet look(Snapshot now, OpenTransactions open, long[] sequences) {
        BitSet read = new BitSet(drawn.length);
        for (int table = 0; table < drawn.length; table++) {
            OpenTransactions known = writers[table];
            if (sequences[table] != drawn[table]) {
                drawn[table] = sequences[table];
                writers[table] = null;
                read.set(table);
            } else if (known == null) {
                writers[table] = open;
                read.set(table);
            } else if (known.hasEnded(now)) {
                writers[table] = known.left(now);
                read.set(table);
            }
        }
        return read;
    }
}
