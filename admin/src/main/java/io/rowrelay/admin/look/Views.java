package io.rowrelay.admin.look;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where the facts come from.
 *
 * @param source the source database
 * @param topic Kafka
 * @param destination the destination database
 * @param letters the dead-letter topic, and what the destination knows of it
 */
public record Views(
        View<SourceFacts> source, TopicView topic, View<DestinationFacts> destination, View<DeadLetterCounts> letters) {

    /** Something that can be looked at, again and again. */
    @FunctionalInterface
    public interface View<T> {
        /**
         * Looks now.
         *
         * @throws OutageException when it cannot be seen, with the reason
         */
        T look() throws OutageException, InterruptedException;
    }

    /** Kafka. */
    public interface TopicView extends View<TopicFacts> {
        /**
         * Reads when the oldest of some changes was made.
         *
         * @param offsets the first record to look at, by partition
         * @return empty where none of the records says
         */
        Optional<Instant> oldestChange(Map<Integer, Long> offsets) throws OutageException, InterruptedException;
    }
}
