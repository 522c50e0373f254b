package io.rowrelay.common.runtime;

/** Passes on what a daemon reports, and remembers whether it is ready. Thread-safe. */
public final class KnownReadiness implements Readiness {
    private final Readiness target;
    private volatile boolean ready;

    /** Passes on to {@code target}. */
    public KnownReadiness(Readiness target) {
        this.target = target;
    }

    /** Whether it said last that it is ready; not so before it said anything. */
    public boolean isReady() {
        return ready;
    }

    @Override
    public void ready(String reason) {
        ready = true;
        target.ready(reason);
    }

    @Override
    public void notReady(String reason) {
        ready = false;
        target.notReady(reason);
    }

    @Override
    public void beat() {
        target.beat();
    }
}
