package io.rowrelay.common.http;

import io.rowrelay.common.runtime.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Whether a daemon does its work, and why not. Safe for use by several threads: the daemon's loop writes, the HTTP endpoint
 * reads.
 */
public final class Health implements Readiness {

    private final Duration livenessTimeout;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private volatile State state;
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
        this.state = new State(false, "starting", clock.instant());
        this.lastBeatNanos = nanoClock.getAsLong();
    }

    /** To be called in every round of the loop, waiting for something that is down included. */
    @Override
    public void beat() {
        lastBeatNanos = nanoClock.getAsLong();
    }

    @Override
    public void ready(String reason) {
        change(true, reason);
    }

    @Override
    public void notReady(String reason) {
        change(false, reason);
    }

    /** The last report about the work; a loop that stands still is not ready, whatever it reported. */
    public State state() {
        State said = state;
        Duration still = sinceLastBeat();
        if (still.compareTo(livenessTimeout) <= 0) {
            return said;
        }
        String reason = "the loop has not moved for " + still.toSeconds() + " s; it last said: " + said.reason();
        Instant since = said.ready() ? clock.instant().minus(still) : said.since();
        return new State(false, reason, since);
    }

    /** How long the daemon has not done its work; zero while it does. */
    public Duration notReadyFor() {
        State now = state();
        Duration since = Duration.between(now.since(), clock.instant());
        return now.ready() || since.isNegative() ? Duration.ZERO : since;
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
        State before = state;
        if (before.ready() != ready || !before.reason().equals(reason)) {
            state = new State(ready, reason, before.ready() == ready ? before.since() : clock.instant());
        }
    }

    /**
     * Whether a daemon does its work.
     *
     * @param ready whether it does
     * @param reason why, in words
     * @param since when it began or ceased to
     */
    public record State(boolean ready, String reason, Instant since) {}
}
