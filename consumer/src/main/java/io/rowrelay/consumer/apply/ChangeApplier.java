package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies changes to the destination, idempotently: again, late and in any order it comes to the same. */
public interface ChangeApplier {
    /**
     * Returns the columns of the destination's primary key, in key order; makes sure now and then that the destination is
     * there.
     */
    List<String> keyColumns() throws OutageException;

    /** The same, read anew: before a record is rejected for its key. */
    default List<String> keyColumnsNow() throws OutageException {
        return keyColumns();
    }

    /** Returns what beside these changes can change the destination's rows, with what ends it, one line each. */
    default List<String> hazards() {
        return List.of();
    }

    /**
     * Applies a batch; when this returns, what was accepted is committed.
     *
     * @param events in any order, any number for one key
     * @param stretches what the batch covers
     * @param finishes whether they are to be remembered as finished in the same transaction; they are not when an event is
     *     rejected, since that one still has to become a dead letter
     * @throws DestinationBehindException when a stretch does not begin where the destination is; nothing is applied
     * @throws OutageException when the destination is out; the batch is to be repeated as a whole
     */
    Applied apply(List<ValidChange> events, List<Stretch> stretches, boolean finishes) throws OutageException;

    /**
     * What became of a batch.
     *
     * @param applied how many changes the destination now shows
     * @param superseded how many were not newer than what it showed already, or than another of the batch
     * @param rejected those that the destination refuses
     * @param waiting those of the rejected that another row may be to blame for, so that they can pass later
     * @param mark what the destination noted beside the changes, for {@link Progress#advance}, where the stretches are not
     *     finished yet; null where they are, or where nothing was applied
     */
    record Applied(
            int applied,
            int superseded,
            List<Rejected> rejected,
            List<ValidChange> waiting,
            @Nullable String mark) {
        public Applied {
            rejected = List.copyOf(rejected);
            waiting = List.copyOf(waiting);
        }

        /** None of the rejected can pass later. */
        public Applied(int applied, int superseded, List<Rejected> rejected, @Nullable String mark) {
            this(applied, superseded, rejected, List.of(), mark);
        }

        /** Without a mark. */
        public Applied(int applied, int superseded, List<Rejected> rejected) {
            this(applied, superseded, rejected, null);
        }
    }
}
