package io.rowrelay.producer.capture;

import io.rowrelay.stream.window.Snapshot;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Transactions that had an id at a certain moment, and had not ended. A snapshot names only those of them that began before the last one
 * that has ended: of the others, which it does not name, only the ids between which they lie are known.
 *
 * @param named those that a snapshot names
 * @param from the first id of the others
 * @param to the id after the last of them
 */
@SuppressWarnings("ArrayRecordComponent")
public record OpenTransactions(long[] named, long from, long to) {
    /** Those at a snapshot; {@code next} is the first id that had not been given out. */
    public static OpenTransactions at(Snapshot snapshot, long next) {
        return new OpenTransactions(snapshot.running(), snapshot.next(), next);
    }

    /** Whether one may have ended by then. */
    public boolean hasEnded(Snapshot now) {
        return now.next() > unnamed() || Arrays.stream(named).anyMatch(now::isVisible);
    }

    /** Those that have not. */
    public OpenTransactions left(Snapshot now) {
        long[] left = LongStream.concat(
                        Arrays.stream(named).filter(each -> !now.isVisible(each)),
                        Arrays.stream(now.running()).filter(each -> each >= from && each < to))
                .toArray();
        return new OpenTransactions(left, Math.max(from, now.next()), to);
    }

    /** The first id that is not named; none is as large where all are. */
    public long unnamed() {
        return from < to ? from : Long.MAX_VALUE;
    }
}
