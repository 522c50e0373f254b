package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.ValidChange;
import java.util.List;
import java.util.Set;

/** Applies changes to tables of the destination, idempotently: again, late and in any order it comes to the same. */
public interface ChangeApplier {
    /** Returns the keys of the destination's tables; makes sure now and then that the destination is there. */
    TableKeys keys() throws OutageException;

    /** The same, those of these topics read again: before a record is rejected for its key. */
    default TableKeys keysNow(Set<String> topics) throws OutageException {
        return keys();
    }

    /** Returns what beside these changes can change the destination's rows, with what ends it, one line each. */
    default List<String> hazards() {
        return List.of();
    }

    /**
     * Applies a batch; when this returns, what was accepted is committed.
     *
     * @param changes in any order, any number for one key
     * @param ranges what the batch covers
     * @param finishes whether they are to be remembered as finished in the same transaction; they are not when a change is
     *     rejected, since that one still has to become a dead letter
     * @throws UnfitChangesException when the table cannot take some of them as it is now; nothing is applied
     * @throws DestinationBehindException when a range does not begin where the destination is; nothing is applied
     * @throws OutageException when the destination is out; the batch is to be repeated as a whole
     */
    Applied apply(List<ValidChange> changes, List<OffsetRange> ranges, boolean finishes) throws OutageException;
}
