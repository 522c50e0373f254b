package io.rowrelay.stream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.record.RecordAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checkpoint at 100, sequence at 110; 101 was published after the checkpoint; the retention has removed up to micro 500. */
class SourceIdentityTest {
    private static final long IMPLAUSIBLE = 110 + (1L << 48) + 1;
    private static final Map<Long, Long> CHANGES = Map.of(99L, 990L, 101L, 1010L);

    private final SourceIdentity source = source(7, 1000, 110, 20, 500);

    @Test
    void finds_nothing_against_what_is_there_as_it_was_or_was_removed() {
        assertThat(source.contradiction(
                        List.of(change("7", 101, 1010), change("7", 99, 990), change("7", 50, 500), change("7", 30, 1)),
                        CHANGES))
                .isEmpty();
    }

    @Test
    void takes_no_notice_of_records_of_others_and_of_history() {
        assertThat(source.contradiction(List.of(change("", 1000, 1), change("8", 20, 1), change("7", 3, 999)), CHANGES))
                .isEmpty();
    }

    @Test
    void names_another_cluster() {
        assertThat(source.contradiction(List.of(change("8", 21, 210)), CHANGES))
                .hasValueSatisfying(text -> assertThat(text).contains("identifier 8", "this one's is 7"));
    }

    @Test
    void takes_a_number_that_no_source_can_have_reached_for_no_evidence() {
        assertThat(source.contradiction(
                        List.of(change("8", IMPLAUSIBLE, 1), change("7", IMPLAUSIBLE, 1), change("7", 1L << 62, 1)),
                        CHANGES))
                .isEmpty();
        assertThat(source.contradiction(List.of(change("8", IMPLAUSIBLE - 1, 1)), CHANGES))
                .isPresent();
    }

    @Test
    void names_the_record_that_shows_it() {
        List<PublishedChange> each =
                List.of(change("8", 21, 210), change("7", 111, 1010), change("7", 101, 1011), change("7", 102, 1));

        assertThat(each)
                .allSatisfy(change -> assertThat(source.contradiction(List.of(change), CHANGES))
                        .hasValueSatisfying(text -> assertThat(text).contains("in record t-3@17,")));
    }

    @Test
    void names_a_change_past_the_sequence() {
        assertThat(source.contradiction(List.of(change("7", 111, 1010)), CHANGES))
                .hasValueSatisfying(text -> assertThat(text).contains("last action_id it has given out is 110"));
    }

    @Test
    void names_an_action_id_that_came_again() {
        assertThat(source.contradiction(List.of(change("7", 101, 1011)), CHANGES))
                .hasValueSatisfying(text -> assertThat(text).contains("change 101", "another change"));
    }

    @Test
    void names_a_change_that_is_gone_though_no_checkpoint_covers_it() {
        assertThat(source.contradiction(List.of(change("7", 102, 1)), CHANGES))
                .hasValueSatisfying(text -> assertThat(text).contains("change 102", "not in its change table"));
    }

    @Test
    void names_a_change_that_is_gone_though_the_retention_has_not_come_so_far() {
        assertThat(source.contradiction(List.of(change("7", 98, 501)), CHANGES))
                .hasValueSatisfying(text -> assertThat(text).contains("change 98", "not in its change table"));
        SourceIdentity nothingRemoved = source(7, 1000, 110, 0, StoredCheckpoint.NOTHING_REMOVED);
        assertThat(nothingRemoved.contradiction(List.of(change("7", 1, 1)), Map.of()))
                .isPresent();
    }

    @Test
    void finds_no_difference_from_the_checkpoint_where_all_has_gone_on() {
        assertThat(source.differences(999)).isEmpty();
        assertThat(new SourceIdentity(8, 1, "cdc", 0, Optional.empty()).differences(0))
                .isEmpty();
    }

    @Test
    void names_each_difference_from_the_checkpoint() {
        assertThat(source(8, 899, 99, 20, 500).differences(900))
                .containsExactly(
                        "cdc holds changes of transaction 900, which this cluster has not begun yet",
                        "its system identifier is 8, the checkpoint's is 7",
                        "its transaction ids went backwards, from 900 to 899",
                        "the action_ids of cdc went backwards, from 100 to 99");
    }

    @Test
    void knows_the_newest_timeline_of_its_own_cluster_only() {
        List<PublishedChange> published = List.of(
                change("7", 101, 1, 3),
                change("7", 102, 1, 2),
                change("8", 103, 1, 9),
                change("7", 20, 1, 8),
                change("7", IMPLAUSIBLE, 1, 10));

        assertThat(source.newestTimeline(published))
                .hasValueSatisfying(change -> assertThat(change.timeline()).isEqualTo(3));
    }

    private static SourceIdentity source(
            long systemIdentifier,
            long nextTransaction,
            long lastActionId,
            long anchorActionId,
            long removedUntilMicros) {
        StoredCheckpoint stored = new StoredCheckpoint(
                new Checkpoint("890:900:", null, 100, 100), 7, anchorActionId, removedUntilMicros, Optional.empty());
        return new SourceIdentity(systemIdentifier, nextTransaction, "cdc", lastActionId, Optional.of(stored));
    }

    private static PublishedChange change(String source, long actionId, long changedAtMicros) {
        return change(source, actionId, changedAtMicros, 0);
    }

    private static PublishedChange change(String source, long actionId, long changedAtMicros, int timeline) {
        return new PublishedChange(
                new RecordAddress(new Partition("t", 3), 17), source, actionId, changedAtMicros, timeline);
    }
}
