package io.rowrelay.admin.command;

import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What was seen of a part of the stream, or why it could not be. */
public sealed interface Part<T> {

    /** It was seen at that moment, by the clock of this machine. */
    record Seen<T>(T facts, Instant at) implements Part<T> {}

    /** It was not; the reason is one line. */
    record OutOfSight<T>(String reason) implements Part<T> {}

    /** The facts, if they were seen. */
    default Optional<T> seen() {
        return this instanceof Seen<T> part ? Optional.of(part.facts()) : Optional.empty();
    }

    /** Why they were not. */
    default Optional<String> why() {
        return this instanceof OutOfSight<T> part ? Optional.of(part.reason()) : Optional.empty();
    }

    /** When it was seen. */
    default Optional<Instant> when() {
        return this instanceof Seen<T> part ? Optional.of(part.at()) : Optional.empty();
    }

    /** A look at it. */
    @FunctionalInterface
    interface Look<T> {
        T now() throws OutageException, InterruptedException;
    }

    /** Looks. */
    static <T> Part<T> of(Look<T> look, InstantSource clock) throws InterruptedException {
        try {
            T facts = look.now();
            return new Seen<>(facts, clock.instant());
        } catch (OutageException failure) {
            return new OutOfSight<>(String.valueOf(failure.getMessage()));
        }
    }
}
