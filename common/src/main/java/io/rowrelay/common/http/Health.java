package io.rowrelay.common.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a daemon does its work, and why not; logs each change of that once. Safe for use by several threads: the daemon's
 * loop writes, the HTTP endpoint reads.
 */
public final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final Duration livenessTimeout;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private volatile Readiness readiness;
    private volatile long lastBeatNanos;

    /**
     * Starts not ready, and alive for as long as the timeout.
     *
     * @param livenessTimeout how long the loop may go without a {@link #beat()}
     */
    public Health(Duration livenessTimeout) {
        this(livenessTimeout, InstantSource.system(), System::nanoTime);
    }

    Health(Duration livenessTimeout, InstantSource clock, LongSupplier nanoClock) {
        this.livenessTimeout = livenessTimeout;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.readiness = new Readiness(false, "starting", clock.instant());
        this.lastBeatNanos = nanoClock.getAsLong();
    }

    /** Says that the loop moves; to be called in every round of it, waiting for something that is down included. */
    public void beat() {
        lastBeatNanos = nanoClock.getAsLong();
    }

    /** The daemon does its work. */
    public void ready(String reason) {
        change(true, reason);
    }

    /** The daemon cannot do its work now, for the reason given. */
    public void notReady(String reason) {
        change(false, reason);
    }

    /** What was said last about the work. */
    public Readiness readiness() {
        return readiness;
    }

    /** Whether the loop moved lately. */
    public boolean isLive() {
        return sinceLastBeat().compareTo(livenessTimeout) <= 0;
    }

    /** How long ago the loop moved. */
    public Duration sinceLastBeat() {
        // Not the wall clock: setting that must not make a daemon look dead.
        return Duration.ofNanos(nanoClock.getAsLong() - lastBeatNanos);
    }

    private synchronized void change(boolean ready, String reason) {
        Readiness before = readiness;
        if (before.ready() == ready && before.reason().equals(reason)) {
            return;
        }
        readiness = new Readiness(ready, reason, before.ready() == ready ? before.since() : clock.instant());
        if (ready && !before.ready()) {
            LOG.info("ready reason={}", reason);
        } else if (!ready) {
            LOG.warn("not ready reason={}", reason);
        }
    }

    /**
     * Whether a daemon does its work.
     *
     * @param ready whether it does
     * @param reason why, in words
     * @param since when it began or ceased to
     */
    public record Readiness(boolean ready, String reason, Instant since) {}
}
