package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.List;
import java.util.Map;

/**
 * How far the topic is finished, as the destination itself remembers it: what it says was committed together with the
 * rows, so a restored destination knows its place.
 */
public interface Progress {
    /** Returns what the destination knows, by partition. */
    Map<Integer, PartitionProgress> load() throws TransientFailureException;

    /** Sets partitions to a place that does not follow from what was stored. */
    void correct(List<PartitionProgress> places) throws TransientFailureException;

    /**
     * Remembers stretches as finished.
     *
     * @throws DestinationBehindException when a stretch does not begin where the destination is; then none is remembered
     */
    void advance(List<Stretch> stretches) throws TransientFailureException;
}
