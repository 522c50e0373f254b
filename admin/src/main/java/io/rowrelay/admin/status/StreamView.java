package io.rowrelay.admin.status;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A stream, as it can be seen from outside. Each question is asked again; what cannot be seen is an outage, with the reason. */
public interface StreamView {
    /** What the source database knows of it. */
    SourceStatus source() throws OutageException;

    /** What Kafka knows of it. */
    TopicStatus topic() throws OutageException, InterruptedException;

    /** What the destination database knows of it. */
    DestinationStatus destination() throws OutageException;

    /** Its dead letters. */
    DeadLetterCounts deadLetters() throws OutageException, InterruptedException;

    /**
     * When the oldest of some changes was made.
     *
     * @param offsets the first record to look at, by partition
     * @return empty where none of the records says
     */
    Optional<Instant> oldestChange(Map<Integer, Long> offsets) throws OutageException, InterruptedException;
}
