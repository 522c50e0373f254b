package io.rowrelay.consumer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollTest {
    @Test
    void leaves_a_small_poll_whole() {
        Poll poll = new Poll(records(0, 5, 8), List.of(new OffsetRange(partition(0), "t", 4, 9)));

        assertThat(poll.split(3)).containsExactly(poll);
    }

    @Test
    void covers_each_partition_without_hole_or_overlap_offsets_without_record_included() {
        List<TopicRecord> records = new ArrayList<>(records(0, 10, 14));
        records.addAll(records(1, 3, 6));
        OffsetRange first = new OffsetRange(partition(0), "t", 9, 15);
        OffsetRange second = new OffsetRange(partition(1), "t", 2, 20);
        OffsetRange withoutRecord = new OffsetRange(partition(2), "t", 7, 8);

        List<Poll> parts = new Poll(records, List.of(first, second, withoutRecord)).split(3);

        assertThat(parts).flatExtracting(Poll::records).isEqualTo(records);
        assertThat(parts)
                .extracting(Poll::ranges)
                .containsExactly(
                        List.of(new OffsetRange(partition(0), "t", 9, 13)),
                        List.of(new OffsetRange(partition(0), "t", 13, 14), new OffsetRange(partition(1), "t", 2, 5)),
                        List.of(
                                new OffsetRange(partition(0), "t", 14, 15),
                                new OffsetRange(partition(1), "t", 5, 20),
                                withoutRecord));
    }

    private static Partition partition(int number) {
        return new Partition("topic", number);
    }

    private static List<TopicRecord> records(int partition, long from, long to) {
        List<TopicRecord> records = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            records.add(new TopicRecord(partition(partition), offset, new byte[0], new byte[0], 0));
        }
        return records;
    }
}
