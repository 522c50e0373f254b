package io.rowrelay.admin.verify;

import io.rowrelay.admin.verify.Difference.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which verify tells a difference. {@link SuspectCheck} looks at a key in turn: in the destination, in the source,
 * and, once everything that the source's snapshot shows has passed the stream, in the destination and the source again. These
 * looks decide whether the sides differ; docs/design/reliability.md has the proof.
 *
 * @param before the destination's row, before the snapshot
 * @param read the source's row, in the snapshot
 * @param shown the destination's row, once that has caught up
 * @param after the source's row, after that
 * @param claimed what the change that the destination's row shows says, if it is one from after the snapshot
 */
record DifferenceRule(
        @Nullable RowState before,
        @Nullable RowState read,
        @Nullable RowState shown,
        @Nullable RowState after,
        @Nullable RowState claimed) {

    /** Whether the destination shows what the source had or has, or a later change as it was written. */
    boolean same() {
        return RowState.alike(shown, read)
                || RowState.alike(shown, after)
                || (shown != null && RowState.alike(shown, claimed));
    }

    /** The difference, or nothing while the key may have changed in the meantime. */
    Optional<Difference> difference() {
        if (same()) {
            return Optional.empty();
        }
        if (read == null) {
            return shown != null && after == null && stuck()
                    ? Optional.of(new Difference(Kind.EXTRA, shown.key(), List.of()))
                    : Optional.empty();
        }
        if (after == null || !(after.version().equals(read.version()) || stuck())) {
            return Optional.empty();
        }
        return Optional.of(
                shown == null
                        ? new Difference(Kind.MISSING, read.key(), List.of())
                        : new Difference(Kind.DIFFERENT, read.key(), differing(read, shown)));
    }

    /**
     * Whether a change from before the snapshot is still shown after catching up: then it is the key's last one up to the
     * snapshot, and the source's row in the snapshot should be what it says.
     */
    private boolean stuck() {
        return before != null && shown != null && before.version().equals(shown.version());
    }

    private static List<Integer> differing(RowState one, RowState other) {
        return IntStream.range(0, one.columns().size())
                .filter(column ->
                        !one.columns().get(column).equals(other.columns().get(column)))
                .boxed()
                .toList();
    }
}
