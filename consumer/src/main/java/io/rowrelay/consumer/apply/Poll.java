package io.rowrelay.consumer.apply;

import io.rowrelay.stream.record.TopicRecord;
import java.util.List;

/**
 * What came with one poll.
 *
 * @param records in the order of their offsets within each partition
 * @param stretches what of the topic they cover, one for each partition that moved
 */
public record Poll(List<TopicRecord> records, List<Stretch> stretches) {
    /** Nothing came. */
    public static final Poll NOTHING = new Poll(List.of(), List.of());

    public Poll {
        records = List.copyOf(records);
        stretches = List.copyOf(stretches);
    }
}
