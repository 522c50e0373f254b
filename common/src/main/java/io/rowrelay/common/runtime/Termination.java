package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process in order: SIGTERM and SIGINT only ask for the stop, the main thread finishes, and its exit code is the
 * one that the process ends with. A main thread that is stuck in an outage is not waited for long: whatever it has not
 * finished is repeated by the next start anyway, so that is no failure.
 */
public final class Termination {
    /** What stops the daemon may wait for 10 s only. */
    private static final Duration DEADLINE = Duration.ofSeconds(8);

    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private final StopSignal stop = new StopSignal();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    private Termination() {}

    /** Takes over the signals of this process. */
    public static Termination install() {
        Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(new Thread(termination::shutDown, "termination"));
        return termination;
    }

    /** What asks the main thread to stop. */
    public StopSignal stop() {
        return stop;
    }

    /** To be called last by the main thread, which then ends the process with the same code. */
    public void finished(int code) {
        exitCode = code;
        finished.countDown();
    }

    /** Ends the process at once, for one that cannot even stop any more. */
    public static void atOnce(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }

    /** A JVM that ends by a signal has an exit code of its own; halting is the way to give another. */
    private void shutDown() {
        stop.request();
        try {
            if (!finished.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("stopping without waiting for work that is stuck; the next start repeats it");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
