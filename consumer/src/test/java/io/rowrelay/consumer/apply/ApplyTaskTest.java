package io.rowrelay.consumer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.Beginning;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.PartitionState;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.RecordAddress;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApplyTaskTest {
    private static final List<String> ANOTHER_KEY = List.of("another");

    private final Journal journal = new Journal();
    private final Heard readiness = new Heard();
    private long now;
    private final ApplyTask task = task(0);

    @Test
    void applies_and_remembers_at_once_when_nothing_is_rejected() throws Exception {
        journal.arrive(good(1), good(2));

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1, 2] and remember [1, 3)", "commit");
    }

    @Test
    void applies_then_dead_letters_then_remembers_then_commits_offsets() throws Exception {
        journal.arrive(good(1), bad(2), good(3));

        task.step();

        assertThat(journal.deeds)
                .containsExactly("poll", "apply [1, 3]", "dead-letter [2]", "remember [1, 4)", "commit");
        assertThat(journal.shown)
                .as("what tells that the changes are still there")
                .containsExactly(Journal.MARK);
    }

    @Test
    void commits_nothing_while_the_destination_is_out_and_stays_in_the_group() throws Exception {
        journal.arrive(good(1));
        journal.destinationOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;

        task.step();

        String apply = "apply [1] and remember [1, 2)";
        assertThat(journal.deeds).containsExactly("poll", apply, "keep alive", apply, "keep alive", apply, "commit");
    }

    @Test
    void does_not_apply_again_when_only_the_dead_letter_topic_was_out() throws Exception {
        journal.arrive(good(1), bad(2));
        journal.deadLettersOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.deadLettersOut);
        journal.deadLettersOut = null;

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1]",
                        "dead-letter [2]",
                        "keep alive",
                        "dead-letter [2]",
                        "remember [1, 3)",
                        "commit");
    }

    @Test
    void does_not_dead_letter_again_when_only_the_progress_could_not_be_kept() throws Exception {
        journal.arrive(bad(1));
        journal.progressOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.progressOut);
        journal.progressOut = null;

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply []",
                        "dead-letter [1]",
                        "remember [1, 2)",
                        "keep alive",
                        "remember [1, 2)",
                        "commit");
    }

    @Test
    void leaves_records_of_partitions_that_moved_away_to_their_new_consumer() throws Exception {
        journal.arrive(good(1), record(1, 7, true), record(1, 8, false));
        journal.destinationOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;
        journal.gone.add(partition(1));

        task.step();

        assertThat(journal.deeds)
                .containsExactly("poll", "apply [1, 7]", "keep alive", "apply [1] and remember [1, 2)", "commit");
    }

    @Test
    void remembers_what_is_left_when_a_dead_letter_moved_away_with_its_partition() throws Exception {
        journal.arrive(good(1), record(1, 8, false));
        journal.deadLettersOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.deadLettersOut);
        journal.gone.add(partition(1));

        task.step();

        assertThat(journal.deeds)
                .containsExactly("poll", "apply [1]", "dead-letter [8]", "keep alive", "remember [1, 2)", "commit");
    }

    @Test
    void holds_back_a_partition_whose_change_the_table_cannot_take_and_applies_the_others() throws Exception {
        journal.arrive(good(1), bad(2), good(3), bad(4), record(1, 7, true));
        journal.unfit.add(3L);

        task.step();

        assertThat(readiness.reasons)
                .containsExactly("not ready: record topic-0@3 and what follows it in its partition: unfit");
        journal.unfit.clear();
        journal.arrive(good(3), bad(4));
        task.step();
        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "hold back {topic-0=3}",
                        "apply [1, 7]",
                        "dead-letter [2]",
                        "remember [1, 3) [7, 8)",
                        "commit",
                        "poll",
                        "apply [3]",
                        "dead-letter [4]",
                        "remember [3, 5)",
                        "commit");
        assertThat(readiness.reasons).last().isEqualTo("ready: applying");
    }

    /** The places of the pieces behind would pass the change that waits. */
    @Test
    void holds_back_what_follows_in_all_pieces_of_a_poll() throws Exception {
        for (long offset = 0; offset < 2_001; offset++) {
            journal.arrive(good(offset));
        }
        journal.unfit.add(2L);

        assertThat(task.step()).isEqualTo(2);

        assertThat(journal.deeds)
                .containsExactly("poll", "hold back {topic-0=2}", "apply [0, 1] and remember [0, 2)", "commit");
    }

    @Test
    void tries_no_change_again_that_the_table_has_become_unable_to_take() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1), good(2));
        journal.dependent.add(2L);
        task.step();
        journal.unfit.add(2L);

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1, 2] and remember [1, 3)",
                        "poll",
                        "hold back {topic-0=2}",
                        "apply []",
                        "apply [1] and remember [1, 2)",
                        "commit");
    }

    @Test
    void an_unreadable_record_is_named_until_its_partition_goes_on_behind_it() throws Exception {
        journal.unreadable = new UnfitChange(new RecordAddress(partition(0), 3), "too large");
        journal.arrive(record(1, 7, true));

        task.step();

        String named = "not ready: record topic-0@3 and what follows it in its partition: too large";
        assertThat(readiness.reasons).containsExactly(named);
        journal.unreadable = null;
        journal.arrive(good(2));
        task.step();
        assertThat(readiness.reasons).last().isEqualTo(named);
        journal.arrive(good(4));
        task.step();
        assertThat(readiness.reasons).last().isEqualTo("ready: applying");
        assertThat(journal.deeds)
                .contains(
                        "apply [7] and remember [7, 8)",
                        "apply [2] and remember [2, 3)",
                        "apply [4] and remember [4, 5)");
    }

    @Test
    void an_unreadable_record_is_waited_for_as_long_as_the_topic_holds_it() throws Exception {
        assertThat(reasonWhenUnreadableBegins("id", 0)).startsWith("not ready: record topic-0@3");
        assertThat(reasonWhenUnreadableBegins("id", 4)).isEqualTo("ready: applying");
        assertThat(reasonWhenUnreadableBegins("another", 0)).isEqualTo("ready: applying");
    }

    private String reasonWhenUnreadableBegins(String topicId, long first) throws Exception {
        journal.unreadable = new UnfitChange(new RecordAddress(partition(0), 3), "too large");
        task.step();
        journal.unreadable = null;
        journal.stored.put(partition(0), new PartitionProgress("id", 3));
        journal.unsettled.add(new PartitionState(partition(0), topicId, first, 9, OptionalLong.of(3), false));
        task.step();
        return readiness.reasons.get(readiness.reasons.size() - 1);
    }

    @Test
    void holds_back_nothing_of_a_partition_that_has_left() throws Exception {
        journal.arrive(good(3));
        journal.unfit.add(3L);
        task.step();
        journal.gone.add(partition(0));

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "hold back {topic-0=3}", "poll");
        assertThat(readiness.reasons).last().isEqualTo("ready: applying");
    }

    @Test
    void dead_letters_what_the_destination_rejects() throws Exception {
        journal.arrive(good(1), good(2));
        journal.rejected.add(2L);

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll", "apply [1, 2] and remember [1, 3)", "dead-letter [2]", "remember [1, 3)", "commit");
    }

    @Test
    void does_nothing_when_nothing_came() throws Exception {
        assertThat(task.step()).isZero();

        assertThat(journal.deeds).containsExactly("poll");
    }

    @Test
    void settles_where_to_begin_before_it_reads() throws Exception {
        journal.unsettled.add(new PartitionState(partition(0), "id", 5, 9, OptionalLong.of(6), false));
        journal.stored.put(partition(0), new PartitionProgress("id", 3));

        task.step();

        assertThat(journal.deeds).containsExactly("correct [0 to 5]", "begin [0 at 5]", "poll");
        assertThat(journal.lost).isEqualTo(2);
    }

    @Test
    void stays_in_the_group_while_it_cannot_settle() {
        journal.unsettled.add(new PartitionState(partition(0), "id", 0, 9, OptionalLong.empty(), false));
        journal.progressOut = new OutageException("down", null);

        assertThatThrownBy(task::step).isSameAs(journal.progressOut);

        assertThat(journal.deeds).containsExactly("correct [0 to 0]", "keep alive");
    }

    @Test
    void begins_anew_when_the_destination_was_restored_under_it() throws Exception {
        journal.arrive(good(1));
        journal.destinationOut =
                new DestinationBehindException(new OffsetRange(partition(0), "id", 1, 2), "what comes before offset 0");
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1] and remember [1, 2)", "unsettle", "poll");
    }

    @Test
    void notices_a_destination_that_was_restored_while_nothing_happens() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 7));
        journal.stored.put(partition(0), new PartitionProgress("id", 7));
        now += Duration.ofMinutes(1).toNanos();
        task.step();
        journal.stored.put(partition(0), new PartitionProgress("id", 6));
        now += Duration.ofMinutes(1).toNanos();

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "unsettle", "poll");
    }

    @Test
    void holds_back_a_batch_when_nearly_everything_is_rejected_and_lets_it_pass_once_it_is_not() throws Exception {
        ApplyTask careful = task(2);
        journal.arrive(good(1), good(2), bad(3));
        journal.rejected.addAll(Set.of(1L, 2L));
        assertThatThrownBy(careful::step)
                .isInstanceOf(OutageException.class)
                .hasMessageContainingAll("of the last 3 records 3 are rejected", "2 for DESTINATION", "1 for KEY");
        assertThatThrownBy(careful::step).isInstanceOf(OutageException.class);
        now += Duration.ofSeconds(10).toNanos();
        assertThatThrownBy(careful::step).isInstanceOf(OutageException.class);
        assertThat(journal.holdingBack).isTrue();
        journal.rejected.clear();
        now += Duration.ofSeconds(10).toNanos();

        careful.step();

        assertThat(journal.holdingBack).isFalse();
        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1, 2]",
                        "keep alive",
                        "keep alive",
                        "apply [1, 2]",
                        "keep alive",
                        "apply [1, 2]",
                        "dead-letter [3]",
                        "remember [1, 4)",
                        "commit");
    }

    @Test
    void counts_a_batch_once_however_often_its_dead_letters_have_to_be_sent() throws Exception {
        ApplyTask careful = task(3);
        journal.arrive(bad(1));
        journal.deadLettersOut = new OutageException("down", null);
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThatThrownBy(careful::step).isSameAs(journal.deadLettersOut);
        }
        journal.deadLettersOut = null;

        assertThat(careful.step()).isEqualTo(1);
    }

    @Test
    void reads_on_when_the_batch_that_was_held_back_has_moved_away() throws Exception {
        ApplyTask careful = task(1);
        journal.arrive(bad(1));
        assertThatThrownBy(careful::step).isInstanceOf(OutageException.class);
        journal.gone.add(partition(0));

        careful.step();

        journal.arrive(bad(2));
        assertThatThrownBy(careful::step).isInstanceOf(OutageException.class);
        assertThat(journal.deeds).containsExactly("poll", "apply []", "keep alive", "poll", "apply []");
    }

    @Test
    void finishes_a_large_poll_piece_by_piece_and_goes_on_where_an_outage_came() throws Exception {
        for (long offset = 0; offset < 2_001; offset++) {
            journal.arrive(record(0, offset, offset != 1_500));
        }
        journal.deadLettersOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.deadLettersOut);
        journal.deadLettersOut = null;

        task.step();

        assertThat(journal.deeds)
                .extracting(deed ->
                        deed.replaceAll("\\[[0-9, ]+\\] and", "[...] and").replaceAll("apply .*\\]$", "apply [...]"))
                .containsExactly(
                        "poll",
                        "apply [...] and remember [0, 1000)",
                        "apply [...]",
                        "dead-letter [1500]",
                        "keep alive",
                        "dead-letter [1500]",
                        "remember [1000, 2000)",
                        "apply [...] and remember [2000, 2001)",
                        "commit");
    }

    @Test
    void rejects_no_record_for_a_key_that_the_destination_has_no_more() throws Exception {
        journal.arrive(bad(1));
        journal.keyColumnsNow = ANOTHER_KEY;

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1] and remember [1, 2)", "commit");
    }

    @Test
    void keeps_a_batch_open_until_the_row_that_it_waits_for_has_come_and_applies_it_as_a_whole() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1), good(2));
        journal.dependent.add(2L);
        task.step();
        journal.arrive(good(3));
        task.step();
        journal.dependent.clear();
        journal.arrive(good(4));

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1, 2] and remember [1, 3)",
                        "poll",
                        "apply [2, 3]",
                        "poll",
                        "apply [2, 4]",
                        "apply [1, 2, 3, 4] and remember [1, 5)",
                        "commit");
    }

    /** Else it would end for want of memory, and at each start again. */
    @Test
    void reads_no_further_where_a_batch_that_is_kept_open_would_not_fit_the_memory() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 0));
        byte[] value = new byte[1 << 20];
        long most = BatchSize.MOST_BYTES_WHILE_WAITING / value.length;
        for (long offset = 1; offset < most; offset++) {
            journal.arrive(new TopicRecord(partition(0), offset, new byte[0], value, 0));
        }
        journal.dependent.add(1L);
        task.step();
        journal.arrive(new TopicRecord(partition(0), most, new byte[0], new byte[value.length * 2], 0));
        task.step();
        assertThat(journal.deeds).doesNotContain("keep alive");

        task.step();

        assertThat(journal.deeds).contains("keep alive");
    }

    @Test
    void reads_no_further_in_the_second_half_of_the_wait_and_then_dead_letters() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1), good(2));
        journal.dependent.add(1L);
        task.step();
        now = Duration.ofSeconds(6).toNanos();
        task.step();
        now = Duration.ofSeconds(10).toNanos();

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1, 2] and remember [1, 3)",
                        "keep alive",
                        "apply [1]",
                        "keep alive",
                        "apply [1]",
                        "apply [1, 2] and remember [1, 3)",
                        "dead-letter [1]",
                        "remember [1, 3)",
                        "commit");
    }

    @Test
    void an_outage_takes_nothing_from_the_wait() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1));
        journal.dependent.add(1L);
        task.step();
        now = Duration.ofSeconds(60).toNanos();
        journal.destinationOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;
        // Until it answers nobody knows how long it was out.
        now += Duration.ofSeconds(40).toNanos();

        task.step();

        assertThat(journal.deeds).doesNotContain("dead-letter [1]");
        journal.dependent.clear();
        task.step();
        assertThat(journal.deeds).endsWith("apply [1] and remember [1, 2)", "commit");
    }

    @Test
    void an_outage_of_the_broker_which_may_have_what_is_waited_for_takes_nothing_from_the_wait() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1));
        journal.dependent.add(1L);
        task.step();
        journal.streamOut = new OutageException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.streamOut);
        now = Duration.ofSeconds(60).toNanos();
        assertThatThrownBy(task::step).isSameAs(journal.streamOut);
        journal.streamOut = null;
        now = Duration.ofSeconds(100).toNanos();
        task.step();
        assertThat(journal.deeds).doesNotContain("dead-letter [1]");

        now += Duration.ofSeconds(10).toNanos();
        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1] and remember [1, 2)",
                        "poll",
                        "poll",
                        "poll",
                        "apply [1]",
                        "keep alive",
                        "apply [1]",
                        "apply [1] and remember [1, 2)",
                        "dead-letter [1]",
                        "remember [1, 2)",
                        "commit");
    }

    @Test
    void what_left_while_its_batch_is_open_is_another_consumers() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.arrive(good(1), record(1, 7, true));
        journal.dependent.add(7L);
        task.step();
        journal.dependent.clear();

        task.step();

        assertThat(journal.deeds).endsWith("apply []", "apply [1] and remember [1, 2)", "commit");
    }

    @Test
    void what_left_and_came_back_while_its_batch_is_open_begins_anew() throws Exception {
        journal.polled.put(partition(0), new PartitionProgress("id", 9));
        journal.polled.put(partition(1), new PartitionProgress("id", 9));
        journal.arrive(good(1), record(1, 7, true), record(1, 8, true));
        journal.dependent.add(7L);
        task.step();
        journal.polled.remove(partition(1));
        journal.unsettled.add(new PartitionState(partition(1), "id", 0, 9, OptionalLong.of(7), false));
        journal.stored.put(partition(1), new PartitionProgress("id", 7));
        journal.arrive(record(1, 7, true), record(1, 8, true));
        journal.dependent.clear();

        task.step();

        assertThat(journal.deeds)
                .containsExactly(
                        "poll",
                        "apply [1, 7, 8] and remember [1, 2) [7, 9)",
                        "correct []",
                        "begin [1 at 7]",
                        "poll",
                        "apply [7, 8]",
                        "apply [1, 7, 8] and remember [1, 2) [7, 9)",
                        "commit");
    }

    private ApplyTask task(int rejectionsBeforeStop) {
        return new ApplyTask(
                new ApplyPorts(journal, ApplyTaskTest::validate, journal, journal, journal, readiness, journal),
                new RejectionBreaker(rejectionsBeforeStop, () -> now),
                new ReferenceWait(Duration.ofSeconds(10), () -> now),
                Runnable::run,
                () -> now);
    }

    private static TopicRecord good(long offset) {
        return record(0, offset, true);
    }

    private static TopicRecord bad(long offset) {
        return record(0, offset, false);
    }

    private static TopicRecord record(int partition, long offset, boolean good) {
        return new TopicRecord(partition(partition), offset, good ? new byte[0] : null, new byte[0], 0);
    }

    private static Partition partition(int number) {
        return new Partition("topic", number);
    }

    private static ValidatedRecord validate(TopicRecord record, List<String> keyColumns) {
        return record.key() == null && !keyColumns.equals(ANOTHER_KEY)
                ? new Rejected(record, RejectionReason.KEY, "no key")
                : new ValidChange(record, record.offset() + 1, Action.INSERT, "k", keyColumns, null, null);
    }

    private static final class Heard implements Readiness {
        private final List<String> reasons = new ArrayList<>();

        @Override
        public void ready(String reason) {
            reasons.add("ready: " + reason);
        }

        @Override
        public void notReady(String reason) {
            reasons.add("not ready: " + reason);
        }

        @Override
        public void beat() {}
    }

    /** Plays all ports and writes down what is asked of them, in order. */
    private static final class Journal implements ChangeStream, ChangeApplier, Progress, DeadLetters, ApplyMetrics {
        private static final String MARK = "stamped";

        private final List<String> deeds = new ArrayList<>();
        private final List<@Nullable String> shown = new ArrayList<>();
        private final List<TopicRecord> waiting = new ArrayList<>();
        private final List<PartitionState> unsettled = new ArrayList<>();
        private final Map<Partition, PartitionProgress> polled = new HashMap<>();
        private final Map<Partition, PartitionProgress> stored = new HashMap<>();
        private final Set<Partition> gone = new HashSet<>();
        private final Set<Long> rejected = new HashSet<>();
        private final Set<Long> unfit = new HashSet<>();
        private @Nullable UnfitChange unreadable;
        private final Set<Long> dependent = new HashSet<>();
        private @Nullable OutageException destinationOut;
        private @Nullable OutageException streamOut;
        private @Nullable OutageException deadLettersOut;
        private @Nullable OutageException progressOut;
        private List<String> keyColumns = List.of("id");
        private List<String> keyColumnsNow = keyColumns;
        private boolean holdingBack;
        private long lost;

        void arrive(TopicRecord... records) {
            waiting.addAll(List.of(records));
        }

        @Override
        public List<PartitionState> unsettled() {
            return unsettled;
        }

        @Override
        public Map<Partition, PartitionProgress> truncated(Map<Partition, PartitionProgress> progress) {
            return Map.of();
        }

        @Override
        public void begin(List<Beginning> beginnings) {
            deeds.add("begin "
                    + beginnings.stream()
                            .map(each -> each.state().partition().number() + " at " + each.offset())
                            .toList());
            unsettled.clear();
            beginnings.forEach(each -> polled.put(each.state().partition(), each.progress()));
        }

        @Override
        public void unsettle() {
            deeds.add("unsettle");
        }

        @Override
        public Poll poll() throws OutageException {
            deeds.add("poll");
            if (streamOut != null) {
                throw streamOut;
            }
            Map<Partition, OffsetRange> ranges = new TreeMap<>();
            for (TopicRecord record : waiting) {
                OffsetRange range = new OffsetRange(record.partition(), "id", record.offset(), record.offset() + 1);
                ranges.merge(
                        record.partition(),
                        range,
                        (one, next) -> new OffsetRange(one.partition(), "id", one.from(), next.to()));
            }
            Poll poll = new Poll(waiting, List.copyOf(ranges.values()), Optional.ofNullable(unreadable));
            waiting.clear();
            return poll;
        }

        @Override
        public Map<Partition, PartitionProgress> polled() {
            return polled;
        }

        @Override
        public Ownership keepAlive() {
            deeds.add("keep alive");
            return partition -> !gone.contains(partition);
        }

        @Override
        public void holdBack(Map<Partition, Long> offsets) {
            deeds.add("hold back " + offsets);
        }

        @Override
        public boolean isAssigned(Partition partition) {
            return !gone.contains(partition);
        }

        @Override
        public void commit() {
            deeds.add("commit");
        }

        @Override
        public boolean isMember() {
            return true;
        }

        @Override
        public TableKeys keys() {
            return new TableKeys(Map.of("topic", keyColumns), Map.of());
        }

        @Override
        public TableKeys keysNow(Set<String> topics) {
            keyColumns = keyColumnsNow;
            return keys();
        }

        @Override
        public Applied apply(List<ValidChange> events, List<OffsetRange> ranges, boolean finishes)
                throws OutageException {
            refuseUnfit(events);
            deeds.add("apply "
                    + events.stream().map(event -> event.origin().offset()).toList()
                    + (finishes ? " and remember " + describe(ranges) : ""));
            if (destinationOut != null) {
                throw destinationOut;
            }
            List<Rejected> rejections = events.stream()
                    .filter(event -> rejected.contains(event.origin().offset())
                            || dependent.contains(event.origin().offset()))
                    .map(event -> new Rejected(event.origin(), RejectionReason.DESTINATION, "rejected"))
                    .toList();
            String stamp = finishes && rejections.isEmpty() ? null : MARK;
            List<ValidChange> dependents = events.stream()
                    .filter(event -> dependent.contains(event.origin().offset()))
                    .toList();
            return new Applied(events.size() - rejections.size(), 0, rejections, dependents, stamp);
        }

        private void refuseUnfit(List<ValidChange> events) throws UnfitChangesException {
            for (ValidChange event : events) {
                if (unfit.contains(event.origin().offset())) {
                    throw new UnfitChangesException(List.of(new UnfitChange(
                            new RecordAddress(
                                    event.origin().partition(), event.origin().offset()),
                            "unfit")));
                }
            }
        }

        private static String describe(List<OffsetRange> ranges) {
            return ranges.stream()
                    .map(range -> "[" + range.from() + ", " + range.to() + ")")
                    .collect(Collectors.joining(" "));
        }

        @Override
        public Map<Partition, PartitionProgress> load() {
            return stored;
        }

        @Override
        public boolean covers(Map<Partition, PartitionProgress> progress) {
            return PartitionProgress.cover(stored, progress);
        }

        @Override
        public void correct(Map<Partition, PartitionProgress> beginnings) throws OutageException {
            deeds.add("correct "
                    + beginnings.entrySet().stream()
                            .map(each -> each.getKey().number() + " to "
                                    + each.getValue().nextOffset())
                            .toList());
            failWhenOut();
        }

        @Override
        public void advance(List<OffsetRange> ranges, @Nullable String stamp) throws OutageException {
            deeds.add("remember " + describe(ranges));
            shown.add(stamp);
            failWhenOut();
        }

        private void failWhenOut() throws OutageException {
            if (progressOut != null) {
                throw progressOut;
            }
        }

        @Override
        public void send(List<Rejected> rejected) throws OutageException {
            deeds.add("dead-letter "
                    + rejected.stream()
                            .map(rejection -> rejection.origin().offset())
                            .toList());
            if (deadLettersOut != null) {
                throw deadLettersOut;
            }
        }

        @Override
        public void applied(List<ValidChange> events, Applied outcome) {}

        @Override
        public void deadLettered(List<Rejected> rejected) {}

        @Override
        public void holdingBack(boolean stopped) {
            holdingBack = stopped;
        }

        @Override
        public void lost(long records) {
            lost += records;
        }

        @Override
        public void cut(int partitions) {}
    }
}
