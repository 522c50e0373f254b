package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the topic is finished, as the destination itself remembers it: what it says was committed together with the
 * rows, so a restored destination knows how far it is.
 */
public interface Progress {
    /** Returns what the destination knows, by partition. */
    Map<Partition, PartitionProgress> load() throws OutageException;

    /** Returns whether the destination has finished everything before {@code polled}. */
    boolean covers(Map<Partition, PartitionProgress> polled) throws OutageException;

    /** Sets partitions to what does not follow from what was stored. */
    void correct(Map<Partition, PartitionProgress> beginnings) throws OutageException;

    /**
     * Remembers ranges as finished.
     *
     * @param stamp what was noted beside their changes when these were applied, null if there were none to apply
     * @throws DestinationBehindException when a range does not begin where the destination is, or the destination no longer has
     *     the stamp, and so not the changes; then none is remembered
     */
    void advance(List<OffsetRange> ranges, @Nullable String stamp) throws OutageException;
}
