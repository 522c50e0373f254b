package io.rowrelay.consumer.jdbc;

import io.rowrelay.stream.record.ValidChange;
import java.util.List;

/**
 * The rows of cdc_key_lock that a batch locks: keys are spread over a fixed number of classes by the hash that spreads them
 * over partitions.
 *
 * <p>Two batches with the same key always meet in one lock, also when the topic has got more partitions between them and
 * the key has moved, which a lock per partition would not give. The number has so many divisors that the partitions of
 * the usual counts share no class, so their consumers never wait for each other.
 */
final class LockClasses {
    private static final int COUNT = 120;

    private LockClasses() {}

    /** Returns the classes of the batch, ascending, so that no two batches can wait for each other in a circle. */
    static Integer[] of(List<ValidChange> changes) {
        return changes.stream()
                .map(change -> (change.origin().keyHash() & Integer.MAX_VALUE) % COUNT)
                .distinct()
                .sorted()
                .toArray(Integer[]::new);
    }
}
