package io.rowrelay.stream;

import java.util.List;

/**
 * A named set of tables that travel together: one checkpoint, one active producer.
 *
 * @param name the stream
 * @param tables those that are captured into it
 * @param deadLetterTopic where records go that can never be applied
 */
public record Stream(String name, List<CapturedTable> tables, String deadLetterTopic) {
    public Stream {
        tables = List.copyOf(tables);
    }
}
