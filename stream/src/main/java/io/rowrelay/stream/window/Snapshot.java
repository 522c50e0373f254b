package io.rowrelay.stream.window;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pg_snapshot: which transactions had ended when it was taken. Transactions that are not in {@code running} had ended if their id
 * is below {@code next}. Transaction ids are those of 64 bits, below 2^63.
 *
 * @param oldest all transactions with a smaller id had ended
 * @param next the first id that had not been given out
 * @param running those between that had not ended, in their order
 */
@SuppressWarnings("ArrayRecordComponent")
public record Snapshot(long oldest, long next, long[] running) {
    /** PostgreSQL keeps smaller ids for itself. */
    private static final long FIRST = 3;

    /** It shows nothing. */
    public static final Snapshot NOTHING = new Snapshot(1, 1, new long[0]);

    /** Takes what PostgreSQL would take. */
    public Snapshot {
        if (oldest < 1 || next < oldest) {
            throw new IllegalArgumentException("no pg_snapshot: " + oldest + ":" + next);
        }
        long last = oldest - 1;
        for (long each : running) {
            if (each <= last || each >= next) {
                throw new IllegalArgumentException("no pg_snapshot: running " + each + " after " + last);
            }
            last = each;
        }
    }

    /**
     * Reads what PostgreSQL prints, such as 10:20:10,14.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Snapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("no pg_snapshot: " + text);
        }
        long[] running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",", -1))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    /** Whether a transaction had begun to write by then, and not ended. */
    public boolean isRunning(long transaction) {
        return Arrays.binarySearch(running, transaction) >= 0;
    }

    /** Whether it shows what a transaction that is committed now has written. */
    public boolean isVisible(long transaction) {
        return transaction < oldest || (transaction < next && !isRunning(transaction));
    }

    /** Whether it shows all that the other one shows. */
    public boolean covers(Snapshot other) {
        long unknown = Math.max(next, FIRST);
        // Ids that had not been given out by then must all have been running at the other one.
        if (other.next > unknown && other.next - unknown != other.runningFrom(unknown)) {
            return false;
        }
        for (long each : running) {
            if (each >= FIRST && other.isVisible(each)) {
                return false;
            }
        }
        return true;
    }

    private int runningFrom(long first) {
        int found = Arrays.binarySearch(running, first);
        return running.length - (found < 0 ? -found - 1 : found);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Snapshot that
                && oldest == that.oldest
                && next == that.next
                && Arrays.equals(running, that.running);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(oldest) * 31 * 31 + Long.hashCode(next) * 31 + Arrays.hashCode(running);
    }

    /** As PostgreSQL prints it. */
    @Override
    public String toString() {
        return oldest + ":" + next + ":"
                + Arrays.stream(running).mapToObj(Long::toString).collect(Collectors.joining(","));
    }
}
