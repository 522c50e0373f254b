package io.rowrelay.admin.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LagTest {
    @Test
    void adds_up_what_is_applied_and_what_waits() {
        Lag lag = Lag.of(
                topic(partition(0, 0, 10), partition(1, 0, 4)), new DestinationStatus(Map.of(0, at(7), 1, at(4))));

        assertThat(lag.finished()).isEqualTo(11);
        assertThat(lag.records()).isEqualTo(3);
        assertThat(lag.unapplied()).isEqualTo(Map.of(0, 7L));
        assertThat(lag.unaccounted()).hasValue(0);
    }

    @Test
    void counts_records_that_were_dropped_before_they_were_applied() {
        Lag lag = Lag.of(topic(partition(0, 9, 12)), new DestinationStatus(Map.of(0, at(5))));

        assertThat(lag.unaccounted()).hasValue(4);
        assertThat(lag.records()).isEqualTo(3);
        assertThat(lag.unapplied()).isEqualTo(Map.of(0, 9L));
    }

    @Test
    void counts_as_dropped_what_a_destination_that_was_never_here_has_missed() {
        assertThat(Lag.of(topic(partition(0, 9, 12)), new DestinationStatus(Map.of()))
                        .unaccounted())
                .hasValue(9);
    }

    @Test
    void counts_records_that_the_topic_lost_after_they_were_applied() {
        assertThat(Lag.of(topic(partition(0, 0, 12)), new DestinationStatus(Map.of(0, at(15))))
                        .unaccounted())
                .hasValue(3);
    }

    @Test
    void does_not_guess_when_the_topic_is_another_one() {
        Lag lag = Lag.of(
                topic(partition(0, 0, 12)),
                new DestinationStatus(
                        Map.of(0, new StoredProgress(new PartitionProgress("another", 5), Instant.EPOCH, "(0,1)"))));

        assertThat(lag.unaccounted()).isEmpty();
        assertThat(lag.records()).isEqualTo(12);
    }

    private static StoredProgress at(long offset) {
        return new StoredProgress(new PartitionProgress("id", offset), Instant.EPOCH, "(0,1)");
    }

    private static TopicStatus.Partition partition(int number, long begin, long end) {
        return new TopicStatus.Partition(number, begin, end, OptionalLong.empty(), Optional.empty());
    }

    private static TopicStatus topic(TopicStatus.Partition... partitions) {
        return new TopicStatus("id", List.of(partitions), new TopicStatus.Group("g", "Stable", 1), Optional.empty());
    }
}
