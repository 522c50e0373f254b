package io.rowrelay.stream.apply;

import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param applied how many changes the destination now shows
 * @param superseded how many were not newer than what it showed already, or than another of the batch
 * @param rejected those that the destination rejects
 * @param waiting those of the rejected that another row may be to blame for, so that they can pass later
 * @param stamp what the destination noted beside the changes, where its progress does not cover them yet; null where it does, or
 *     where nothing was applied
 */
public record Applied(
        int applied,
        int superseded,
        List<Rejected> rejected,
        List<ValidChange> waiting,
        @Nullable String stamp) {
    public Applied {
        rejected = List.copyOf(rejected);
        waiting = List.copyOf(waiting);
    }

    /** None of the rejected can pass later. */
    public Applied(int applied, int superseded, List<Rejected> rejected, @Nullable String stamp) {
        this(applied, superseded, rejected, List.of(), stamp);
    }

    /** Without a stamp. */
    public Applied(int applied, int superseded, List<Rejected> rejected) {
        this(applied, superseded, rejected, null);
    }
}
