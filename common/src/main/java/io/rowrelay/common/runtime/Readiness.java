package io.rowrelay.common.runtime;

/** Where a daemon says how it is, for health endpoints. Implementations are safe for any thread and never block. */
public interface Readiness {
    /** For work whose state nobody asks for. */
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
