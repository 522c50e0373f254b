package io.rowrelay.stream.record;

import java.util.List;

/** Reads records and validates them, without the destination. */
@FunctionalInterface
public interface RecordReader {
    /**
     * Reads a record; never throws because of its content.
     *
     * @param keyColumns the columns of the destination's primary key, in key order; none where it has none, and then the key of a
     *     change stands for its whole row
     */
    ValidatedRecord read(TopicRecord record, List<String> keyColumns);
}
