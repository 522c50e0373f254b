package io.rowrelay.admin.tables;

import java.time.Duration;

/**
 * How many rows to write in one transaction, so that it holds its locks for some milliseconds only, whatever the rows and the
 * server are like. Not thread-safe.
 */
final class ChunkSize {
    /**
     * A fraction of what a session of an application may wait, 50 ms: on a busy machine this session can be suspended while it
     * holds locks. With 20 ms here, waits of up to 114 ms were seen on two overloaded cores.
     */
    static final Duration TOO_LONG = Duration.ofMillis(8);

    private static final Duration SHORT = Duration.ofMillis(4);
    /** With fewer rows than this, the rows are not what is slow. */
    private static final int SMALLEST = 10;

    private static final int FIRST = 50;

    private final int largest;
    private int size;

    ChunkSize(int largest) {
        this.largest = largest;
        this.size = Math.min(FIRST, largest);
    }

    int rows() {
        return size;
    }

    /** Takes how long this many rows were locked. */
    void held(Duration locks, int rows) {
        if (locks.compareTo(TOO_LONG) > 0) {
            size = Math.min(largest, Math.max(SMALLEST, rows / 2));
        } else if (locks.compareTo(SHORT) < 0 && rows >= size) {
            size = Math.min(largest, size * 2);
        }
    }

    /** Another session holds a lock: fewer rows make that less likely. */
    void busy() {
        size = Math.max(1, size / 2);
    }
}
