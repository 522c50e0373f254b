package io.rowrelay.common.runtime;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures at an interval, in a thread of its own, so that the backlog is counted also while the daemon's loop waits for
 * something. A measurement that fails is repeated; the last number ages meanwhile ({@link AgingNumber}). The loop reports
 * outages, so they are not logged here a second time.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

    private final Task measurement;
    private final Duration interval;
    private final StopSignal stop = new StopSignal();
    private final Thread thread;
    private String reported = "";

    private Watch(String name, Task measurement, Duration interval) {
        this.measurement = measurement;
        this.interval = interval;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Measures at once, and then with {@code interval} in between. The measurement is used by this thread only. */
    public static Watch start(String name, Task measurement, Duration interval) {
        Watch watch = new Watch(name, measurement, interval);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            do {
                measure();
            } while (!stop.await(interval));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure() throws InterruptedException {
        try {
            measurement.step();
        } catch (OutageException outage) {
            LOG.debug("not measured", outage);
        } catch (RuntimeException unexpected) {
            // No change is missed because of it, and the number becomes unknown: the stream goes on.
            if (!stop.isRequested() && !reported.equals(unexpected.toString())) {
                reported = unexpected.toString();
                LOG.error("{} cannot measure", thread.getName(), unexpected);
            }
        }
    }

    /** Ends the thread, and interrupts its current question. */
    @Override
    public void close() {
        stop.request();
        thread.interrupt();
        try {
            thread.join(CLOSE_DEADLINE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long a number is shown that is measured at this interval: after three misses it is unknown. */
    public static Duration limitOf(Duration interval) {
        return interval.multipliedBy(3).plus(Duration.ofSeconds(5));
    }
}
