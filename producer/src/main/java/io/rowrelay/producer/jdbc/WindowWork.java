package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.producer.jdbc.Reading.Way;
import java.time.Duration;

/**
 * What reading windows has lately been like, over the sessions: a statement that took too long must not be repeated in the
 * same way in the next one. Not thread-safe.
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

    /** To measure a large window: grows with what waits. */
    LongWork opening() {
        return opening;
    }

    /** To read a page of it. */
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

    /** How the next rows are to be read, as far as the last ones tell. */
    public Way way() {
        return way;
    }

    /** After a failure few at a time: many rows at once may have been what took too long. */
    void begins() {
        way = way == Way.NARROW ? Way.WIDE : way;
    }

    void expect(Way next) {
        way = next;
    }
}
