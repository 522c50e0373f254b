package io.rowrelay.stream;

import io.rowrelay.stream.cut.CutRecord;
import java.util.List;

/**
 * A named set of tables that travel together: one checkpoint, one active producer.
 *
 * @param name the stream
 * @param tables those that are captured into it
 * @param deadLetterTopic where records go that can never be applied
 * @param inCuts whether the source has it in its registry: then its windows are published in cuts, with a topic for these
 */
public record Stream(String name, List<CapturedTable> tables, String deadLetterTopic, boolean inCuts) {
    public Stream {
        tables = List.copyOf(tables);
    }

    /** One that the source has no registry of. */
    public Stream(String name, List<CapturedTable> tables, String deadLetterTopic) {
        this(name, tables, deadLetterTopic, false);
    }

    /** One of the registry. */
    public static Stream registered(String name, List<CapturedTable> tables) {
        return new Stream(name, tables, name + ".dlq", true);
    }

    /** Where its cut records go. */
    public String cutTopic() {
        return name + CutRecord.TOPIC_SUFFIX;
    }
}
