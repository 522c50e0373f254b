package io.rowrelay.admin.status;

import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import java.util.Map;
import java.util.Optional;

/**
 * What the destination knows of a stream.
 *
 * @param stored how far each partition is applied, by its number
 */
public record DestinationStatus(Map<Integer, StoredProgress> stored) {

    public DestinationStatus {
        stored = Map.copyOf(stored);
    }

    /** How far a partition is applied, if anything is known of it. */
    public Optional<PartitionProgress> progress(int partition) {
        return Optional.ofNullable(stored.get(partition)).map(StoredProgress::progress);
    }
}
