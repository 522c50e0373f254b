package io.rowrelay.stream.progress;

import io.rowrelay.common.runtime.OutageException;

/**
 * The destination has not seen what comes before the current batch: it was restored to an earlier state while the consumer ran.
 * Nothing of the batch is applied; reading has to begin again from what the destination knows.
 */
public final class DestinationBehindException extends OutageException {
    /** Names the partition; {@code known} says how far the destination is. */
    public DestinationBehindException(OffsetRange range, String known) {
        super(
                "the destination lost its last commits in a crash, or was restored to an earlier state: on partition "
                        + range.partition().number() + " it has " + known + ", the current batch begins with offset "
                        + range.from() + "; reading again from what it has",
                null);
    }
}
