package io.rowrelay.it.chaos;

import java.time.Duration;

/** Something that goes wrong for a while. Used by one thread. */
interface Fault {
    /** What the fault hits; two faults at once hit different things. */
    enum Target {
        PRODUCER,
        CONSUMER,
        SOURCE,
        DESTINATION,
        BROKER
    }

    /** Its kind, as the journal has it. */
    String name();

    Target target();

    /** How long it must last to be what its name says. */
    default Duration atLeast() {
        return Duration.ZERO;
    }

    void inject();

    /** Ends it, for good or with what a supervisor would do. */
    void heal();
}
