package io.rowrelay.consumer.apply;

import java.util.List;

/** Judges records by themselves, without the destination. */
@FunctionalInterface
public interface RecordReader {
    /**
     * Reads a record; never throws because of its content.
     *
     * @param keyColumns the columns of the destination's primary key, in key order
     */
    Verdict read(TopicRecord record, List<String> keyColumns);
}
