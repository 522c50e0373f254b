package io.rowrelay.producer.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checkpoint at 100, sequence at 110; 101 was published after the checkpoint; the retention has removed up to micro 500. */
class EvidenceTest {
    private final Evidence evidence = new Evidence(7, 20, 110, 100, 500, Map.of(99L, 990L, 101L, 1010L));

    @Test
    void finds_nothing_against_what_is_there_as_it_was_or_was_removed() {
        assertThat(evidence.contradiction(List.of(
                        change("7", 101, 1010), change("7", 99, 990), change("7", 50, 500), change("7", 30, 1))))
                .isEmpty();
    }

    @Test
    void takes_no_notice_of_records_of_others_and_of_history() {
        assertThat(evidence.contradiction(List.of(change("", 1000, 1), change("8", 20, 1), change("7", 3, 999))))
                .isEmpty();
    }

    @Test
    void names_another_cluster() {
        assertThat(evidence.contradiction(List.of(change("8", 21, 210))))
                .hasValueSatisfying(text -> assertThat(text).contains("identifier 8", "this one's is 7"));
    }

    @Test
    void names_a_change_past_the_sequence() {
        assertThat(evidence.contradiction(List.of(change("7", 111, 1010))))
                .hasValueSatisfying(text -> assertThat(text).contains("last action_id it has given out is 110"));
    }

    @Test
    void names_an_action_id_that_came_again() {
        assertThat(evidence.contradiction(List.of(change("7", 101, 1011))))
                .hasValueSatisfying(text -> assertThat(text).contains("change 101", "another change"));
    }

    @Test
    void names_a_change_that_is_gone_though_no_checkpoint_covers_it() {
        assertThat(evidence.contradiction(List.of(change("7", 102, 1))))
                .hasValueSatisfying(text -> assertThat(text).contains("change 102", "not in its change table"));
    }

    @Test
    void names_a_change_that_is_gone_though_the_retention_has_not_come_so_far() {
        assertThat(evidence.contradiction(List.of(change("7", 98, 501))))
                .hasValueSatisfying(text -> assertThat(text).contains("change 98", "not in its change table"));
        Evidence nothingRemoved = new Evidence(7, 0, 110, 100, Long.MIN_VALUE, Map.of());
        assertThat(nothingRemoved.contradiction(List.of(change("7", 1, 1)))).isPresent();
    }

    private static PublishedChange change(String source, long actionId, long changedAtMicros) {
        return new PublishedChange(source, actionId, changedAtMicros);
    }
}
