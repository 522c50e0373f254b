package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Rejected;
import java.util.List;

/** Where rejected records go. */
@FunctionalInterface
public interface DeadLetters {
    /**
     * Sends the records, untouched, with the reason beside them, and waits until all are acknowledged.
     *
     * @throws OutageException when they are not; to be repeated, which may write some twice
     */
    void send(List<Rejected> rejected) throws OutageException, InterruptedException;
}
