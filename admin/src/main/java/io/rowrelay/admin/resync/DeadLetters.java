package io.rowrelay.admin.resync;

import io.rowrelay.common.runtime.OutageException;

/** The dead-letter topic of the stream. */
@FunctionalInterface
public interface DeadLetters {
    /** Returns how many records it has ever got. */
    long count() throws OutageException, InterruptedException;
}
