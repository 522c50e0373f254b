package io.rowrelay.consumer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.event.Action;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApplyTaskTest {
    private final Journal journal = new Journal();
    private final AtomicLong nanos = new AtomicLong();
    private final ApplyTask task = task(0);

    @Test
    void applies_then_dead_letters_then_commits_offsets() throws Exception {
        journal.arrive(good(1), bad(2), good(3));

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1, 3]", "dead-letter [2]", "commit");
    }

    @Test
    void commits_nothing_while_the_destination_is_out_and_stays_in_the_group() throws Exception {
        journal.arrive(good(1));
        journal.destinationOut = new TransientFailureException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;

        task.step();

        assertThat(journal.deeds)
                .containsExactly("poll", "apply [1]", "keep alive", "apply [1]", "keep alive", "apply [1]", "commit");
    }

    @Test
    void does_not_apply_again_when_only_the_dead_letter_topic_was_out() throws Exception {
        journal.arrive(good(1), bad(2));
        journal.deadLettersOut = new TransientFailureException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.deadLettersOut);
        journal.deadLettersOut = null;

        task.step();

        assertThat(journal.deeds)
                .containsExactly("poll", "apply [1]", "dead-letter [2]", "keep alive", "dead-letter [2]", "commit");
    }

    @Test
    void leaves_records_of_partitions_that_moved_away_to_their_new_consumer() throws Exception {
        journal.arrive(good(1), good(2), bad(3));
        journal.destinationOut = new TransientFailureException("down", null);
        assertThatThrownBy(task::step).isSameAs(journal.destinationOut);
        journal.destinationOut = null;
        journal.gone.addAll(Set.of(1L, 3L));

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1, 2]", "keep alive", "apply [2]", "commit");
    }

    @Test
    void dead_letters_what_the_destination_refuses() throws Exception {
        journal.arrive(good(1), good(2));
        journal.refused.add(2L);

        task.step();

        assertThat(journal.deeds).containsExactly("poll", "apply [1, 2]", "dead-letter [2]", "commit");
    }

    @Test
    void does_nothing_when_nothing_came() throws Exception {
        assertThat(task.step()).isZero();

        assertThat(journal.deeds).containsExactly("poll");
    }

    @Test
    void holds_back_a_batch_when_nearly_everything_is_refused_and_lets_it_pass_once_it_is_not() throws Exception {
        ApplyTask careful = task(2);
        journal.arrive(good(1), good(2), bad(3));
        journal.refused.addAll(Set.of(1L, 2L));
        assertThatThrownBy(careful::step)
                .isInstanceOf(TransientFailureException.class)
                .hasMessageContainingAll("of the last 3 records 3 are refused", "2 for DESTINATION", "1 for KEY");
        assertThatThrownBy(careful::step).isInstanceOf(TransientFailureException.class);
        nanos.addAndGet(10_000_000_000L);
        assertThatThrownBy(careful::step).isInstanceOf(TransientFailureException.class);
        assertThat(journal.refusing).isTrue();
        journal.refused.clear();
        nanos.addAndGet(10_000_000_000L);

        careful.step();

        assertThat(journal.refusing).isFalse();
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
                        "commit");
    }

    @Test
    void counts_a_batch_once_however_often_its_dead_letters_have_to_be_sent() throws Exception {
        ApplyTask careful = task(3);
        journal.arrive(bad(1));
        journal.deadLettersOut = new TransientFailureException("down", null);
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
        assertThatThrownBy(careful::step).isInstanceOf(TransientFailureException.class);
        journal.gone.add(1L);

        careful.step();

        journal.arrive(bad(2));
        assertThatThrownBy(careful::step).isInstanceOf(TransientFailureException.class);
        assertThat(journal.deeds).containsExactly("poll", "apply []", "keep alive", "poll", "apply []");
    }

    private ApplyTask task(int refusalsBeforeStop) {
        RefusalBreaker breaker = new RefusalBreaker(refusalsBeforeStop, nanos::get);
        return new ApplyTask(journal, ApplyTaskTest::judge, journal, breaker, journal, Readiness.UNHEARD, journal);
    }

    private static TopicRecord good(long offset) {
        return new TopicRecord("topic", 0, offset, new byte[0], new byte[0], 0);
    }

    private static TopicRecord bad(long offset) {
        return new TopicRecord("topic", 0, offset, null, null, 0);
    }

    private static Verdict judge(TopicRecord record, List<String> keyColumns) {
        return record.key() == null
                ? new Rejected(record, Rejected.Reason.KEY, "no key")
                : new ChangeEvent(record, record.offset() + 1, Action.INSERT, "k", keyColumns, null);
    }

    /** Plays all ports and writes down what is asked of them, in order. */
    private static final class Journal implements ChangeStream, ChangeApplier, DeadLetters, ApplyMetrics {
        private final List<String> deeds = new ArrayList<>();
        private final List<TopicRecord> waiting = new ArrayList<>();
        private final Set<Long> gone = new HashSet<>();
        private final Set<Long> refused = new HashSet<>();
        private boolean refusing;
        private @Nullable TransientFailureException destinationOut;
        private @Nullable TransientFailureException deadLettersOut;

        void arrive(TopicRecord... records) {
            waiting.addAll(List.of(records));
        }

        @Override
        public List<TopicRecord> poll() {
            deeds.add("poll");
            List<TopicRecord> records = List.copyOf(waiting);
            waiting.clear();
            return records;
        }

        @Override
        public Ownership keepAlive() {
            deeds.add("keep alive");
            return record -> !gone.contains(record.offset());
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
        public long lag() {
            return 0;
        }

        @Override
        public List<String> keyColumns() {
            return List.of("id");
        }

        @Override
        public Applied apply(List<ChangeEvent> events) throws TransientFailureException {
            deeds.add("apply "
                    + events.stream().map(event -> event.origin().offset()).toList());
            if (destinationOut != null) {
                throw destinationOut;
            }
            List<Rejected> refusals = events.stream()
                    .filter(event -> refused.contains(event.origin().offset()))
                    .map(event -> new Rejected(event.origin(), Rejected.Reason.DESTINATION, "refused"))
                    .toList();
            return new Applied(events.size() - refusals.size(), 0, refusals);
        }

        @Override
        public void send(List<Rejected> rejected) throws TransientFailureException {
            deeds.add("dead-letter "
                    + rejected.stream()
                            .map(refusal -> refusal.origin().offset())
                            .toList());
            if (deadLettersOut != null) {
                throw deadLettersOut;
            }
        }

        @Override
        public void applied(List<ChangeEvent> events, Applied outcome) {}

        @Override
        public void deadLettered(List<Rejected> rejected) {}

        @Override
        public void refusing(boolean stopped) {
            refusing = stopped;
        }

        @Override
        public void polled(long recordsLeft) {}
    }
}
