package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** Sends dead letters again. */
@FunctionalInterface
interface Replays {
    /**
     * A dead letter to be sent.
     *
     * @param letter the dead letter
     * @param number the count of replays of the record, this one included
     */
    record Replay(DeadLetter letter, int number) {}

    /** Sends each, in this order, and returns when nothing can be lost any more. */
    void send(List<Replay> replays) throws OutageException, InterruptedException;
}
