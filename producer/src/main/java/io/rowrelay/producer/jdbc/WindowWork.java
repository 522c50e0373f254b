package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import java.time.Duration;

/**
 * What reading windows has lately been like, over the sessions: a statement that took too long must not be repeated in the
 * same way in the next one. Not thread-safe.
 */
final class WindowWork {
    private static final Duration MILLIONS_WAITING = Duration.ofSeconds(5);

    private final LongWork opening = new LongWork(MILLIONS_WAITING, System::nanoTime);
    private final LongWork paging;
    private boolean expectSmall = true;
    private boolean expectWide;
    private boolean expectUnprintable;

    WindowWork() {
        this(new LongWork(System::nanoTime));
    }

    WindowWork(LongWork paging) {
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
    boolean expectsSmall() {
        return expectSmall;
    }

    void expectSmall(boolean small) {
        expectSmall = small;
    }

    /** Whether rows may be wide, to be fetched few at a time, as far as the last ones tell. */
    boolean expectsWide() {
        return expectWide;
    }

    /** Whether the next rows are probably like the last ones, of which one could not be printed. */
    boolean expectsUnprintable() {
        return expectUnprintable;
    }

    void expectUnprintable(boolean unprintable) {
        expectUnprintable = unprintable;
    }

    void expectWide(boolean wide) {
        expectWide = wide;
    }
}
