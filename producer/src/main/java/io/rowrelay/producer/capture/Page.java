package io.rowrelay.producer.capture;

import io.rowrelay.stream.checkpoint.Checkpoint;
import java.util.List;

/**
 * Some changes in publishing order, and what the checkpoint is once all of them are acknowledged.
 *
 * @param changes in the order of action_id; may be empty
 * @param after the checkpoint to write after the last of them
 * @param waiting how many changes of the same window are still to be read after these
 */
public record Page(List<Change> changes, Checkpoint after, long waiting) {
    public Page {
        changes = List.copyOf(changes);
    }
}
