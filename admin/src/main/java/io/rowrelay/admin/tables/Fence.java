package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** Whether what is written into the change table can take effect in the destination at all. */
public final class Fence {
    private final SourceTable source;
    private final DestinationTable destination;

    public Fence(SourceTable source, DestinationTable destination) {
        this.source = source;
        this.destination = destination;
    }

    /** Throws {@link CommandFailedException} where the rows are not told apart by the same columns. */
    public void refuseOtherKeys() {
        List<String> here = source.keys().columns();
        List<String> there = destination.keys().columns();
        if (!here.equals(there)) {
            throw new CommandFailedException(
                    "the primary keys differ: " + here + " in the source, " + there + " in the destination");
        }
    }

    /** The same where the destination would take the changes for old ones, too. To be called before anything is written. */
    public void refuseWhatCannotArrive() throws OutageException {
        refuseOtherKeys();
        // In this order: what is applied meanwhile was numbered before.
        long shown = destination.highestActionId();
        long last = source.lastActionId();
        if (shown > last) {
            throw new CommandFailedException("the destination shows change " + shown + ", but the last action_id of the"
                    + " source is " + last
                    + ", so it would ignore what is written: the source was restored or replaced."
                    + " Run reanchor instead, which does a resync too.");
        }
    }
}
