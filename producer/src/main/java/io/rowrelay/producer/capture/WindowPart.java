package io.rowrelay.producer.capture;

import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.window.Snapshot;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a window of several tables a page is.
 *
 * @param id the window
 * @param s1 the state of the source before it
 * @param begins whether more pages follow the first one, which this is
 * @param end what the last page says of the window; null for the others
 */
public record WindowPart(
        WindowId id, Snapshot s1, boolean begins, @Nullable End end) {
    /**
     * The end of a window.
     *
     * @param s2 the state of the source after it
     * @param takenAt when the source was in this state, by its clock
     */
    public record End(Snapshot s2, Instant takenAt) {}

    /** The end, if the page is the last one. */
    public Optional<End> ending() {
        return Optional.ofNullable(end);
    }
}
