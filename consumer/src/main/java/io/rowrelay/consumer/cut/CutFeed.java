package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The topics of a stream that is applied in cuts. Not thread-safe. */
public interface CutFeed {
    /** The topic of the cut records. */
    String cutTopic();

    /**
     * Reads on behind what is applied: the cut topic, and the partitions that are known there. What the topics no longer hold is {@linkplain #losses
     * noted}, and the records behind it are read.
     */
    void begin(CutProgress progress) throws OutageException;

    /** Whether a topic has become another one, or lost its end: reading has to {@linkplain #begin begin} again. */
    boolean mustBeginAgain() throws OutageException;

    /** Reads these partitions as well, from their beginning, where they are not read yet. */
    void add(Set<Partition> partitions) throws OutageException;

    /** Lets these partitions rest, and no others. */
    void rest(Set<Partition> resting);

    /** Returns what has come; waits a moment where nothing has. */
    List<TopicRecord> poll() throws OutageException;

    /** Where reading goes on, of every partition that is read. */
    Map<Partition, Long> positions();

    /** The identity of each topic that is read, by its name. */
    Map<String, String> topicIds();

    /** Whether nothing is known to come from this partition. */
    boolean isAtEnd(Partition partition);

    /** How many records wait in which topics, as far as is known. */
    Map<String, Long> behind();

    /** What the topics no longer held when it was to be read, in words; empty where they held everything. */
    List<String> losses();

    /** Tells tools that show the lag of consumer groups. */
    void tell(Map<Partition, Long> nextOffsets);
}
