package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The dead-letter topic, and the stream's topic for what is sent there again. */
public interface DlqTopic {
    /** The identity of the dead-letter topic; empty when there is none. */
    Optional<String> id() throws OutageException, InterruptedException;

    /** Where the dead-letter topic begins now. */
    Begins begins() throws OutageException, InterruptedException;

    /** Hands over every letter that was written from that time on and is there now, each partition in its order. */
    void read(Instant from, Consumer<DeadLetter> each) throws OutageException, InterruptedException;

    /** Hands over those of the letters that there are. */
    void read(Collection<LetterId> letters, Consumer<DeadLetter> each) throws OutageException, InterruptedException;

    /** Appends key and value of each letter to the stream's topic, in this order, and waits until all are acknowledged. */
    void replay(List<Replay> replays) throws OutageException, InterruptedException;

    /** Removes every letter before the offsets, by partition. */
    void removeBefore(Map<Integer, Long> offsets) throws OutageException, InterruptedException;

    /**
     * Where a topic begins.
     *
     * @param topicId its identity; empty when there is none
     * @param offsets the first offset that each partition still has
     */
    record Begins(String topicId, Map<Integer, Long> offsets) {
        public Begins {
            offsets = Map.copyOf(offsets);
        }
    }

    /**
     * A letter to be sent.
     *
     * @param letter the letter
     * @param number the count of replays of the record, this one included
     */
    record Replay(DeadLetter letter, int number) {}
}
