package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.resync.BusyException;
import io.rowrelay.common.runtime.OutageException;
import java.util.Optional;

/** Where a stream begins in its source database; holds the stream's lock from when it is taken until closed. */
public interface Anchor extends AutoCloseable {
    /** Takes the lock that the active producer holds; returns who has it, or nothing when it is taken now. */
    Optional<String> lock() throws OutageException;

    /** Returns the largest action_id that sequence, change table and checkpoint know. */
    long highestActionId() throws OutageException;

    /** Returns what is in the change table, in words. */
    String describe() throws OutageException;

    /**
     * Begins the stream anew: empties the change table, lets action_ids go on after the given one, or after a larger one
     * where the sequence has come near it meanwhile, and writes the checkpoint that says so. All at once, but for the
     * sequence, which a failure can leave ahead.
     *
     * @return the action_id after which it goes on
     */
    long set(long actionId, long margin) throws BusyException, OutageException;

    @Override
    void close();
}
