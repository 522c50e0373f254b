package io.rowrelay.admin.cutover;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.common.runtime.TransientFailureException;

/** Tells whether changes are still on their way through the stream. */
public interface StreamEnd {
    /** Waits until everything that is committed in the source has arrived. */
    void awaitArrival(Progress progress) throws TransientFailureException, InterruptedException;

    /** Returns the last action_id given out. */
    long lastActionId() throws TransientFailureException;

    /** Returns how many dead letters are open. */
    long openDeadLetters() throws TransientFailureException, InterruptedException;
}
