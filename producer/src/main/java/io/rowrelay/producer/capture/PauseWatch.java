package io.rowrelay.producer.capture;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether somebody has paused the stream: asked with each new session before anything is read, then twice a second, so that
 * it costs nothing at full speed and a resume is noticed within a second. Not thread-safe.
 */
final class PauseWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Readiness readiness;
    private final CaptureMetrics metrics;
    private final LongSupplier nanoClock;
    private Optional<String> pause = Optional.empty();
    private long askAt;

    PauseWatch(Readiness readiness, CaptureMetrics metrics, LongSupplier nanoClock) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.askAt = nanoClock.getAsLong();
    }

    /** To be asked again at once. */
    void newSession() {
        askAt = nanoClock.getAsLong();
    }

    /** Whether nothing may be read now; then it has said so. */
    boolean holds(SourceSession active) throws OutageException {
        if (nanoClock.getAsLong() - askAt >= 0) {
            hear(active.pause());
            askAt = nanoClock.getAsLong() + INTERVAL.toNanos();
        }
        pause.ifPresent(reason -> readiness.ready("paused " + reason + ": publishes nothing"));
        return pause.isPresent();
    }

    private void hear(Optional<String> now) {
        if (now.isPresent() && !now.equals(pause)) {
            LOG.info("paused {}: publishes nothing until it is resumed", now.get());
        } else if (now.isEmpty() && pause.isPresent()) {
            LOG.info("resumed");
        }
        pause = now;
        metrics.paused(now.isPresent());
    }
}
