package io.rowrelay.producer.capture;

import io.rowrelay.stream.checkpoint.Checkpoint;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some changes in publishing order, and what the checkpoint is once all of them are acknowledged.
 *
 * @param changes those of each table in the order of action_id; may be empty
 * @param after the checkpoint to write after the last of them
 * @param waiting how many changes of the same window are still to be read after these, as far as is known
 * @param part of which window of several tables it is a part; null where the stream is not published in cuts
 */
public record Page(
        List<Change> changes,
        Checkpoint after,
        long waiting,
        @Nullable WindowPart part) {
    public Page {
        changes = List.copyOf(changes);
    }

    /** One of a stream that is not published in cuts. */
    public Page(List<Change> changes, Checkpoint after, long waiting) {
        this(changes, after, waiting, null);
    }

    /** Whether there is anything to publish. */
    boolean isEmpty() {
        return changes.isEmpty() && part == null;
    }

    /** The window that it is a part of, if any. */
    public Optional<WindowPart> window() {
        return Optional.ofNullable(part);
    }
}
