package io.rowrelay.stream.window;

import java.util.Arrays;

/**
 * A pg_snapshot: which transactions had ended when it was taken. Transactions that are not in {@code running} had ended if their id
 * is below {@code next}.
 *
 * @param oldest all transactions with a smaller id had ended
 * @param next the first id that had not been given out
 * @param running those between that had not ended, in their order
 */
@SuppressWarnings("ArrayRecordComponent")
public record Snapshot(long oldest, long next, long[] running) {
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
                        .mapToLong(Long::parseUnsignedLong)
                        .toArray();
        return new Snapshot(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), running);
    }

    /** Whether a transaction had begun to write by then, and not ended. */
    public boolean isRunning(long transaction) {
        return Arrays.binarySearch(running, transaction) >= 0;
    }
}
