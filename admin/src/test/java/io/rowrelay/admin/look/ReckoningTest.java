package io.rowrelay.admin.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.look.DestinationFacts.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReckoningTest {
    @Test
    void adds_up_what_is_applied_and_what_waits() {
        Reckoning reckoning = Reckoning.of(
                topic(partition(0, 0, 10), partition(1, 0, 4)), new DestinationFacts(Map.of(0, at(7), 1, at(4))));

        assertThat(reckoning.finished()).isEqualTo(11);
        assertThat(reckoning.lag()).isEqualTo(3);
        assertThat(reckoning.unapplied()).isEqualTo(Map.of(0, 7L));
        assertThat(reckoning.unaccounted()).hasValue(0);
    }

    @Test
    void counts_records_that_were_dropped_before_they_were_applied() {
        Reckoning reckoning = Reckoning.of(topic(partition(0, 9, 12)), new DestinationFacts(Map.of(0, at(5))));

        assertThat(reckoning.unaccounted()).hasValue(4);
        assertThat(reckoning.lag()).isEqualTo(3);
        assertThat(reckoning.unapplied()).isEqualTo(Map.of(0, 9L));
    }

    @Test
    void counts_as_dropped_what_a_destination_that_was_never_here_has_missed() {
        assertThat(Reckoning.of(topic(partition(0, 9, 12)), new DestinationFacts(Map.of()))
                        .unaccounted())
                .hasValue(9);
    }

    @Test
    void counts_records_that_the_topic_lost_after_they_were_applied() {
        assertThat(Reckoning.of(topic(partition(0, 0, 12)), new DestinationFacts(Map.of(0, at(15))))
                        .unaccounted())
                .hasValue(3);
    }

    @Test
    void does_not_guess_when_the_topic_is_another_one() {
        Reckoning reckoning = Reckoning.of(
                topic(partition(0, 0, 12)), new DestinationFacts(Map.of(0, new Place("another", 5, Instant.EPOCH))));

        assertThat(reckoning.unaccounted()).isEmpty();
        assertThat(reckoning.lag()).isEqualTo(12);
    }

    private static Place at(long offset) {
        return new Place("id", offset, Instant.EPOCH);
    }

    private static TopicFacts.Partition partition(int number, long begin, long end) {
        return new TopicFacts.Partition(number, begin, end, OptionalLong.empty(), Optional.empty());
    }

    private static TopicFacts topic(TopicFacts.Partition... partitions) {
        return new TopicFacts("id", List.of(partitions), new TopicFacts.Group("g", "Stable", 1), Optional.empty());
    }
}
