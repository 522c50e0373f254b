package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Rejected;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops the taking of records when nearly everything is refused: then not the records are bad, but what this consumer
 * holds them against, and a dead-letter topic full of them would help nobody.
 *
 * <p>Opens when at least 95 % of the last records were refused, before those of the batch at hand become dead letters.
 * Closes when not more than half of the batch at hand is refused, which is judged anew every few seconds. Not thread-safe.
 */
public final class RefusalBreaker {
    private static final Duration REST = Duration.ofSeconds(5);

    private final int limit;
    private final RefusalWindow window;
    private final LongSupplier nanoClock;
    private @Nullable OutageException stopped;
    private String openedBy = "";
    private long judgedAt;

    /** Looks at the last {@code limit} records; 0 lets every refusal pass. */
    public RefusalBreaker(int limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.window = new RefusalWindow(limit);
        this.nanoClock = nanoClock;
    }

    /** Whether the batch at hand was held back and has to be judged anew. */
    boolean isOpen() {
        return stopped != null;
    }

    /**
     * Passes when it is time to judge the batch at hand anew.
     *
     * @throws OutageException why it is held back, until then
     */
    void awaitNextJudgement() throws OutageException {
        if (stopped != null && nanoClock.getAsLong() - judgedAt < REST.toNanos()) {
            throw stopped;
        }
    }

    /**
     * Passes when the refused records of a batch may become dead letters.
     *
     * @param size of the batch
     * @param refused those of it that are refused
     * @throws OutageException when they may not: the batch is to be kept and judged anew
     */
    void admit(int size, List<Rejected> refused) throws OutageException {
        RefusalWindow.Share batch = new RefusalWindow.Share(size, refused.size());
        if (stopped == null) {
            RefusalWindow.Share share = window.add(batch);
            if (window.isNearlyEverything()) {
                openedBy = "of the last " + share.judged() + " records " + share.refused() + " are rejected";
                stop(refused);
            }
        } else if (batch.isMost()) {
            stop(refused);
        } else {
            stopped = null;
            window.clear();
            window.add(batch);
        }
    }

    /** The batch at hand has become another consumer's: what comes next is judged by the window again. */
    void release() {
        stopped = null;
    }

    private void stop(List<Rejected> refused) throws OutageException {
        judgedAt = nanoClock.getAsLong();
        OutageException reason = OutageException.waitingForAHuman(
                "nearly every record is rejected, so the consumer applies nothing and writes no dead letter: "
                        + openedBy
                        + "; in this batch " + RefusalCauses.of(refused) + ". Repair the destination or the schema, and"
                        + " the consumer goes on by itself; or restart it with REFUSALS_BEFORE_STOP above " + limit
                        + ", or 0, to move them to the dead-letter topic");
        stopped = reason;
        throw reason;
    }
}
