package io.rowrelay.consumer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PiecesTest {
    @Test
    void leaves_a_small_poll_whole() {
        Poll poll = new Poll(records(0, 5, 8), List.of(new Stretch(0, "t", 4, 9)));

        assertThat(Pieces.of(poll, 3)).containsExactly(poll);
    }

    @Test
    void covers_each_partition_without_hole_or_overlap_offsets_without_record_included() {
        List<TopicRecord> records = new ArrayList<>(records(0, 10, 14));
        records.addAll(records(1, 3, 6));
        Stretch first = new Stretch(0, "t", 9, 15);
        Stretch second = new Stretch(1, "t", 2, 20);
        Stretch withoutRecord = new Stretch(2, "t", 7, 8);

        List<Poll> pieces = Pieces.of(new Poll(records, List.of(first, second, withoutRecord)), 3);

        assertThat(pieces).flatExtracting(Poll::records).isEqualTo(records);
        assertThat(pieces)
                .extracting(Poll::stretches)
                .containsExactly(
                        List.of(new Stretch(0, "t", 9, 13)),
                        List.of(new Stretch(0, "t", 13, 14), new Stretch(1, "t", 2, 5)),
                        List.of(new Stretch(0, "t", 14, 15), new Stretch(1, "t", 5, 20), withoutRecord));
    }

    private static List<TopicRecord> records(int partition, long from, long to) {
        List<TopicRecord> records = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            records.add(new TopicRecord("topic", partition, offset, new byte[0], new byte[0], 0));
        }
        return records;
    }
}
