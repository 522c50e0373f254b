package io.rowrelay.producer.kafka;

import io.rowrelay.producer.capture.Publication;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts down the acknowledgements of one page. Safe for any thread. */
final class PendingPublication implements Publication {
    private final CountDownLatch missing;

    PendingPublication(int changes) {
        this.missing = new CountDownLatch(changes);
    }

    void acknowledgeOne() {
        missing.countDown();
    }

    @Override
    public boolean isAcknowledged() {
        return missing.getCount() == 0;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return missing.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
