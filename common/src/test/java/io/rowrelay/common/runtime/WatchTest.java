package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
    private final CountDownLatch steps = new CountDownLatch(3);

    @Test
    void measures_again_after_an_outage_and_after_a_failure_that_nobody_knows() throws Exception {
        try (Watch watch = Watch.start("test", this::fail, Duration.ofMillis(1))) {
            assertThat(steps.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ends_a_measurement_that_does_not_end_by_itself() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Watch watch = Watch.start(
                "test",
                () -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return 0;
                },
                Duration.ofMillis(1));
        begun.await();

        watch.close();

        assertThat(interrupted.getCount()).isZero();
    }

    private int fail() throws OutageException {
        steps.countDown();
        if (steps.getCount() == 2) {
            throw new OutageException("out", null);
        }
        throw new IllegalStateException("unknown");
    }
}
