package io.rowrelay.common.runtime;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures again and again, in a thread of its own: while the daemon's loop waits for something, what waits behind it is
 * still counted. A measurement that fails is repeated; what it measured last ages meanwhile ({@link AgingNumber}). The loop
 * reports what is out of reach, so that is not logged here a second time.
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
            // No change is missed for it, and the number says that it is not known: the stream goes on.
            if (!stop.isRequested() && !reported.equals(unexpected.toString())) {
                reported = unexpected.toString();
                LOG.error("{} cannot measure", thread.getName(), unexpected);
            }
        }
    }

    /** Ends the thread; what it asks at the moment is given up. */
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

    /** How long a number may be shown that is measured so often: three times missed is not known. */
    public static Duration limitOf(Duration interval) {
        return interval.multipliedBy(3).plus(Duration.ofSeconds(5));
    }
}
