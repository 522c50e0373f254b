package io.rowrelay.common.runtime;

/** Where a daemon reports its state, for health endpoints. Implementations are safe for any thread and never block. */
public interface Readiness {
    /** Ignores what is reported. */
    Readiness UNHEARD = new Readiness() {
        @Override
        public void ready(String reason) {}

        @Override
        public void notReady(String reason) {}

        @Override
        public void beat() {}
    };

    /** The daemon does its work; the reason says in which role. */
    void ready(String reason);

    /** The daemon is up but cannot do its work; the reason says what is missing. */
    void notReady(String reason);

    /** The loop is moving. */
    void beat();
}
