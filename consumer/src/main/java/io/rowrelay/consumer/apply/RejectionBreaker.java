package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Rejected;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops the taking of records when nearly everything is rejected: then not the records are bad, but what this consumer
 * compares them with, and a dead-letter topic full of them would help nobody.
 *
 * <p>Opens when at least 95 % of the last records were rejected, before those of the current batch become dead letters.
 * Closes when not more than half of the current batch is rejected, which is tried again every few seconds. Not thread-safe.
 */
public final class RejectionBreaker {
    private static final Duration REST = Duration.ofSeconds(5);

    private final int limit;
    private final RecentRejections recent;
    private final LongSupplier nanoClock;
    private @Nullable OutageException stopped;
    private String openedBy = "";
    private long triedAt;

    /** Looks at the last {@code limit} records; 0 lets every rejection pass. */
    public RejectionBreaker(int limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.recent = new RecentRejections(limit);
        this.nanoClock = nanoClock;
    }

    /** Whether the current batch was held back and has to be tried again. */
    boolean isOpen() {
        return stopped != null;
    }

    /**
     * Passes when it is time to try the current batch again.
     *
     * @throws OutageException why it is held back, until then
     */
    void awaitNextTrial() throws OutageException {
        if (stopped != null && nanoClock.getAsLong() - triedAt < REST.toNanos()) {
            throw stopped;
        }
    }

    /**
     * Passes when the rejected records of a batch may become dead letters.
     *
     * @param size of the batch
     * @param rejected those of it that are rejected
     * @throws OutageException when they may not: the batch is to be kept and tried again
     */
    void admit(int size, List<Rejected> rejected) throws OutageException {
        RecentRejections.Share batch = new RecentRejections.Share(size, rejected.size());
        if (stopped == null) {
            RecentRejections.Share share = recent.add(batch);
            if (recent.isNearlyEverything()) {
                openedBy = "of the last " + share.tried() + " records " + share.rejected() + " are rejected";
                stop(rejected);
            }
        } else if (batch.isMost()) {
            stop(rejected);
        } else {
            stopped = null;
            recent.clear();
            recent.add(batch);
        }
    }

    /** The current batch has become another consumer's: what comes next is counted with the recent ones again. */
    void release() {
        stopped = null;
    }

    private void stop(List<Rejected> rejected) throws OutageException {
        triedAt = nanoClock.getAsLong();
        OutageException reason = OutageException.waitingForAHuman(
                "nearly every record is rejected, so the consumer applies nothing and writes no dead letter: "
                        + openedBy
                        + "; in this batch " + RejectionCauses.of(rejected)
                        + ". Repair the destination or the schema, and"
                        + " the consumer goes on by itself; or restart it with REFUSALS_BEFORE_STOP above " + limit
                        + ", or 0, to move them to the dead-letter topic");
        stopped = reason;
        throw reason;
    }
}
