package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.UnfitChange;
import java.util.List;

/** A destination table cannot take changes of a batch as it is now. None of its changes in the batch is applied. */
public final class UnfitChangesException extends OutageException {
    private final List<UnfitChange> changes;

    /** Names the first such change of each partition. */
    public UnfitChangesException(List<UnfitChange> changes) {
        super(changes.get(0).problem(), null);
        this.changes = List.copyOf(changes);
    }

    /** The first of each partition. */
    List<UnfitChange> changes() {
        return changes;
    }
}
