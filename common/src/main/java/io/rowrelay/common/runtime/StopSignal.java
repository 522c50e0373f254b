package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks every loop of a process to end, once and for all. Safe for any thread. */
public final class StopSignal {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** Asks for the stop; asking again changes nothing. */
    public void request() {
        requested.countDown();
    }

    /** Whether stop was asked. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits until stop is asked, or as long as given.
     *
     * @return whether stop was asked
     */
    public boolean await(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
