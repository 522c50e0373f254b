package io.rowrelay.admin.dlq;

import io.rowrelay.common.runtime.TransientFailureException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Remembers what was done about the letters of a dead-letter topic: Kafka cannot take a single record out of it. */
public interface Marks {
    /** All of a topic, which is told by its identity and not by its name. */
    Map<LetterId, Mark> of(String topicId) throws TransientFailureException;

    /** The streams besides this one whose consumers have looked for letters on the topic, or whose letters were dealt with. */
    List<String> otherStreams(String topicId) throws TransientFailureException;

    /** Counts a replay of each letter. */
    void replayed(String topicId, Collection<LetterId> letters) throws TransientFailureException;

    /** Notes that nothing is to be done about the letters. */
    void discarded(String topicId, Collection<LetterId> letters) throws TransientFailureException;

    /** Counts no more the letters that the topic dropped before anything was done about them, nor any of an earlier topic. */
    void forgetLost(DlqTopic.Begins begins) throws TransientFailureException;

    /** Forgets letters that the topic does not hold any more: all before the offsets, by partition. */
    void forget(String topicId, Map<Integer, Long> before) throws TransientFailureException;
}
