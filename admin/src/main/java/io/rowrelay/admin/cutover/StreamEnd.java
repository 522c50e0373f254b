package io.rowrelay.admin.cutover;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;

/** Tells whether changes are still on their way through the stream. */
public interface StreamEnd {
    /** Waits until everything that is committed in the source has arrived. */
    void awaitArrival(Progress progress) throws OutageException, InterruptedException;

    /** Returns the last action_id given out. */
    long lastActionId() throws OutageException;

    /** Counts the dead letters, those too that the topic dropped before anything was done about them. */
    DeadLetterCounts deadLetters() throws OutageException, InterruptedException;
}
