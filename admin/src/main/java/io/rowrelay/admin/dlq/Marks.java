package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.OutageException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Remembers what was done about the letters of a dead-letter topic: Kafka cannot take a single record out of it. */
public interface Marks {
    /** All of a topic, which is told by its identity and not by its name. */
    Map<LetterId, Mark> of(String topicId) throws OutageException;

    /** The streams besides this one whose consumers have looked for letters on the topic, or whose letters were dealt with. */
    List<String> otherStreams(String topicId) throws OutageException;

    /** Counts a replay of each letter. */
    void replayed(String topicId, Collection<LetterId> letters) throws OutageException;

    /** Notes that nothing is to be done about the letters. */
    void discarded(String topicId, Collection<LetterId> letters) throws OutageException;

    /** Counts no more the letters that the topic dropped before anything was done about them, nor any of an earlier topic. */
    void forgetLost(DlqTopic.Begins begins) throws OutageException;

    /** Forgets letters that the topic does not hold any more: all before the offsets, by partition. */
    void forget(String topicId, Map<Integer, Long> before) throws OutageException;
}
