package io.rowrelay.consumer.kafka;

import io.rowrelay.stream.cut.CutRecord;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that a stream is read from: one that is known, or those of all its tables, which can become more. Safe for any thread. */
public final class StreamTopics {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTopics.class);
    private static final String DEAD_LETTERS = ".dlq";

    private final String stream;
    private final boolean fixed;
    private volatile List<String> names;

    private StreamTopics(String stream, boolean fixed, List<String> names) {
        this.stream = stream;
        this.fixed = fixed;
        this.names = names;
    }

    /** This one. */
    public static StreamTopics of(String topic) {
        return new StreamTopics(topic, true, List.of(topic));
    }

    /** One for each table of a stream, as the broker has them. */
    public static StreamTopics ofTables(String stream) {
        return new StreamTopics(stream, false, List.of());
    }

    /** What they are called now, sorted; none while nobody has asked the broker. */
    public List<String> names() {
        return names;
    }

    String stream() {
        return stream;
    }

    boolean fixed() {
        return fixed;
    }

    /** What messages call them. */
    String text() {
        return fixed ? "topic " + stream : "the topics of stream " + stream;
    }

    String missing() {
        return fixed
                ? TopicIdentity.noTopic(stream)
                : "Kafka has no topic of a table of stream " + stream
                        + ", or the consumer may not see it; the producer creates them";
    }

    /** Finds those of the tables among all topics of the broker. */
    void find(Set<String> all) {
        List<String> found = among(stream, all);
        if (!found.equals(names)) {
            LOG.info("topics={} of stream={}", found, stream);
            names = found;
        }
    }

    /** Another stream's name can begin with this one's; what begins with that belongs to it. */
    static List<String> among(String stream, Set<String> all) {
        List<String> others = all.stream()
                .filter(topic -> topic.startsWith(stream + ".") && topic.endsWith(CutRecord.TOPIC_SUFFIX))
                .map(topic -> topic.substring(0, topic.length() - CutRecord.TOPIC_SUFFIX.length()))
                .filter(other -> !other.equals(stream) && all.contains(other + DEAD_LETTERS))
                .map(other -> other + ".")
                .toList();
        Predicate<String> isOurs = topic -> topic.startsWith(stream + ".")
                && !topic.equals(stream + CutRecord.TOPIC_SUFFIX)
                && !topic.equals(stream + DEAD_LETTERS)
                && others.stream().noneMatch(topic::startsWith);
        return all.stream().filter(isOurs).sorted().toList();
    }
}
