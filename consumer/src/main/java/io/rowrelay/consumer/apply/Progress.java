package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the topic is finished, as the destination itself remembers it: what it says was committed together with the
 * rows, so a restored destination knows its place.
 */
public interface Progress {
    /** Returns what the destination knows, by partition. */
    Map<Integer, PartitionProgress> load() throws OutageException;

    /** Returns whether everything that {@code places} say is finished is finished in the destination too. */
    boolean covers(List<PartitionProgress> places) throws OutageException;

    /** Sets partitions to a place that does not follow from what was stored. */
    void correct(List<PartitionProgress> places) throws OutageException;

    /**
     * Remembers stretches as finished.
     *
     * @param mark what was noted beside their changes when these were applied, null if there were none to apply
     * @throws DestinationBehindException when a stretch does not begin where the destination is, or the destination no longer
     *     has the mark, and so not the changes; then none is remembered
     */
    void advance(List<Stretch> stretches, @Nullable String mark) throws OutageException;
}
