package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.producer.jdbc.Reading.Way;
import java.time.Duration;

/**
 * Remembers, across sessions, how long reading took: a statement that took too long must not be repeated in the same way in the
 * next session. Not thread-safe.
 */
public final class WindowWork {
    private static final Duration MILLIONS_WAITING = Duration.ofSeconds(5);

    private final LongWork opening = new LongWork(MILLIONS_WAITING, System::nanoTime);
    private final LongWork paging;
    private boolean expectSmall = true;
    private Way way = Way.NARROW;

    public WindowWork() {
        this(new LongWork(System::nanoTime));
    }

    public WindowWork(LongWork paging) {
        this.paging = paging;
    }

    /** The time to measure a large window; it grows with the number of changes that wait. */
    LongWork opening() {
        return opening;
    }

    /** The time to read a page of it. */
    LongWork paging() {
        return paging;
    }

    /** Whether the next window is probably small, to be read by one short statement. */
    public boolean expectsSmall() {
        return expectSmall;
    }

    public void expectSmall(boolean small) {
        expectSmall = small;
    }

    /** The way to read the next rows, judging by the last ones. */
    public Way way() {
        return way;
    }

    /** Reads few rows at a time after a failure: many at once may have taken too long. */
    void begins() {
        way = way == Way.NARROW ? Way.WIDE : way;
    }

    void expect(Way next) {
        way = next;
    }
}
