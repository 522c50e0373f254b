package io.rowrelay.producer.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.record.RecordAddress;
import io.rowrelay.stream.window.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CaptureTaskTest {
    private static final CapturedTable TABLE = new CapturedTable("employees", "emp_cdc", "topic");
    private static final Checkpoint START = new Checkpoint("3:3:", null, 0, 0);

    private final FakeSource source = new FakeSource();
    private final FakeSink sink = new FakeSink();
    private long now;
    private final CaptureTask task =
            new CaptureTask(source, sink, Readiness.UNHEARD, new Unmeasured(), Duration.ofMinutes(1), () -> now);

    @Test
    void writes_no_checkpoint_before_the_acknowledgement() throws Exception {
        source.pages.add(page(1));
        steps(5);
        assertThat(sink.published).hasSize(1);
        assertThat(source.saved).isEmpty();

        sink.acknowledge(0);
        steps(2);

        assertThat(source.saved).containsExactly(page(1).after());
    }

    @Test
    void hands_over_what_it_reads_before_the_rest_after_the_step() throws Exception {
        steps(1);
        source.pages.add(page(1));

        steps(1);

        assertThat(sink.published).hasSize(1);
        assertThat(sink.handedOver).isEqualTo(1);
    }

    @Test
    void writes_no_checkpoint_past_a_page_that_is_not_acknowledged() throws Exception {
        source.pages.add(page(1));
        source.pages.add(page(2));
        steps(5);

        sink.acknowledge(1);
        steps(3);
        assertThat(source.saved).isEmpty();

        sink.acknowledge(0);
        steps(2);
        assertThat(source.saved).containsExactly(page(2).after());
    }

    @Test
    void reads_no_further_while_too_many_pages_wait_for_their_acknowledgement() throws Exception {
        for (int number = 1; number <= 10; number++) {
            source.pages.add(page(number));
        }

        steps(20);

        assertThat(sink.published).hasSize(4);
    }

    @Test
    void publishes_again_when_the_client_gave_up_and_is_out_until_something_is_acknowledged() throws Exception {
        source.pages.add(page(1));
        steps(3);
        sink.failure = new LostPublicationsException("given up", null);
        assertThatThrownBy(task::step).isSameAs(sink.failure);
        sink.failure = null;

        source.pages.add(page(1));
        for (int step = 0; step < 4; step++) {
            assertThatThrownBy(() -> steps(1)).hasMessage("given up");
        }
        assertThat(source.opened).isEqualTo(2);
        assertThat(source.closed).isEqualTo(1);
        assertThat(sink.published).hasSize(2);
        assertThat(source.saved).isEmpty();

        sink.acknowledge(1);
        steps(1);
        assertThat(source.saved).containsExactly(page(1).after());
    }

    @Test
    void as_standby_leaves_what_the_topic_lost_to_the_active_producer() throws Exception {
        Heard heard = new Heard();
        CaptureTask listening =
                new CaptureTask(source, sink, heard, new Unmeasured(), Duration.ofMinutes(1), () -> now);
        source.pages.add(page(1));
        listening.step();
        listening.step();
        sink.failure = new LostPublicationsException("given up", null);
        assertThatThrownBy(listening::step).isSameAs(sink.failure);
        sink.failure = null;
        source.lockedByAnother = true;

        listening.step();

        assertThat(heard.said).isEqualTo("ready: standby: another producer holds the stream's lock");
    }

    @Test
    void keeps_its_session_and_what_it_sent_while_only_the_broker_is_out() throws Exception {
        source.pages.add(page(1));
        steps(3);
        sink.failure = new OutageException("no acknowledgement", null);
        assertThatThrownBy(task::step).isSameAs(sink.failure);
        sink.failure = null;
        sink.acknowledge(0);

        steps(2);

        assertThat(source.opened).isEqualTo(1);
        assertThat(source.saved).containsExactly(page(1).after());
    }

    @Test
    void opens_a_new_session_when_the_source_is_out_but_not_before_what_was_sent_is_acknowledged() throws Exception {
        source.pages.add(page(1));
        steps(3);
        source.failure = new OutageException("gone", null);
        assertThatThrownBy(task::step).isSameAs(source.failure);
        source.failure = null;
        assertThat(source.closed).isEqualTo(1);

        steps(2);
        assertThat(source.opened).isEqualTo(1);

        sink.acknowledge(0);
        steps(2);
        assertThat(source.opened).isEqualTo(2);
    }

    @Test
    void does_nothing_as_standby_and_takes_over_when_the_lock_is_free() throws Exception {
        source.lockedByAnother = true;
        source.pages.add(page(1));
        steps(5);
        assertThat(sink.published).isEmpty();

        source.lockedByAnother = false;
        steps(5);

        assertThat(sink.published).hasSize(1);
    }

    @Test
    void is_no_comfort_as_standby_of_a_producer_that_does_not_work() throws Exception {
        Heard heard = new Heard();
        CaptureTask listening =
                new CaptureTask(source, sink, heard, new Unmeasured(), Duration.ofMinutes(1), () -> now);
        source.lockedByAnother = true;
        listening.step();
        assertThat(heard.said).isEqualTo("ready: standby: another producer holds the stream's lock");

        source.idlePeer = "pid 7 is frozen";
        now += Duration.ofSeconds(2).toNanos();
        listening.step();

        assertThat(heard.said).isEqualTo("not ready: standby, but the active producer does not work: pid 7 is frozen");
    }

    @Test
    void publishes_and_checkpoints_nothing_that_a_failover_could_undo() throws Exception {
        Heard heard = new Heard();
        CaptureTask listening =
                new CaptureTask(source, sink, heard, new Unmeasured(), Duration.ofMinutes(1), () -> now);
        source.unflushed = "no standby is attached";
        source.pages.add(page(1));
        source.pages.add(page(2));
        for (int step = 0; step < 10; step++) {
            now += Duration.ofSeconds(2).toNanos();
            listening.step();
        }
        assertThat(sink.published).isEmpty();
        assertThat(source.saved).isEmpty();
        assertThat(source.pages).hasSize(1);
        assertThat(heard.said).isEqualTo("not ready: no standby is attached");

        source.unflushed = null;
        listening.step();
        listening.step();

        assertThat(sink.published).hasSize(2);
        assertThat(heard.said).isEqualTo("ready: active");
    }

    /** It shows which transactions have ended, and after a failover others could have their ids. */
    @Test
    void publishes_no_cut_without_changes_either_that_a_failover_could_undo() throws Exception {
        Snapshot state = Snapshot.parse("10:10:");
        source.unflushed = "no standby is attached";
        source.pages.add(new Page(
                List.of(),
                page(1).after(),
                0,
                new WindowPart(new WindowId(1, 1), state, false, new WindowPart.End(state, Instant.EPOCH))));
        task.step();
        task.step();
        assertThat(sink.published).isEmpty();

        source.unflushed = null;
        task.step();

        assertThat(sink.published).hasSize(1);
    }

    @Test
    void has_no_success_between_two_failures_while_the_source_is_out_of_reach() {
        source.outOfReach = new OutageException("no route", null);

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(task::step).isSameAs(source.outOfReach);
        }
    }

    @Test
    void begins_nothing_when_the_capture_is_not_sound() {
        source.problem = OutageException.dataAtRisk("trigger missing");
        source.pages.add(page(1));

        assertThatThrownBy(() -> steps(2)).isSameAs(source.problem);

        assertThat(sink.published).isEmpty();
        assertThat(source.closed).isEqualTo(1);
    }

    @Test
    void publishes_nothing_when_the_topic_contradicts_the_source() {
        source.contradiction = new RestoredSourceException("s", "the topic holds change 9 of it");
        source.pages.add(page(1));

        assertThatThrownBy(() -> steps(2)).isSameAs(source.contradiction);

        assertThat(sink.published).isEmpty();
        assertThat(source.saved).isEmpty();
        assertThat(source.closed).isEqualTo(1);
    }

    @Test
    void holds_the_topic_against_the_source_with_every_new_session() throws Exception {
        steps(3);
        assertThat(source.compared).containsExactly(sink.tail);
        source.failure = new OutageException("gone", null);
        assertThatThrownBy(task::step).isSameAs(source.failure);
        source.failure = null;

        steps(3);

        assertThat(source.compared).containsExactly(sink.tail, sink.tail);
    }

    @Test
    void checks_the_capture_again_when_the_interval_is_over() throws Exception {
        steps(3);
        source.problem = OutageException.dataAtRisk("trigger disabled");
        steps(3);
        now += Duration.ofMinutes(1).toNanos();

        assertThatThrownBy(() -> steps(1)).isSameAs(source.problem);
    }

    @Test
    void publishes_nothing_while_paused_but_checkpoints_what_was_sent_and_goes_on_when_resumed() throws Exception {
        source.pages.add(page(1));
        source.pages.add(page(2));
        steps(2);
        source.pause = "by somebody";
        steps(3);
        assertThat(sink.published).hasSize(1);

        sink.acknowledge(0);
        steps(2);
        assertThat(source.saved).containsExactly(page(1).after());
        assertThat(sink.published).hasSize(1);
        assertThat(source.closed).isZero();

        source.pause = null;
        steps(2);
        assertThat(sink.published).hasSize(2);
    }

    @Test
    void publishes_nothing_after_a_start_while_paused() throws Exception {
        source.pause = "by somebody";
        source.pages.add(page(1));

        steps(5);

        assertThat(sink.published).isEmpty();
    }

    @Test
    void finishes_what_is_in_flight_before_it_stops() throws Exception {
        source.pages.add(page(1));
        steps(3);
        sink.acknowledge(0);

        task.finish(Duration.ofSeconds(5));

        assertThat(source.saved).containsExactly(page(1).after());
    }

    @Test
    void waits_in_the_source_once_nothing_is_left_to_do_and_then_does_not_rest() throws Exception {
        source.waits = true;
        source.pages.add(page(1));
        steps(5);
        assertThat(source.waitedAfter).as("while a page is on its way").isEmpty();

        sink.acknowledge(0);
        steps(1);
        assertThat(source.waitedAfter).containsExactly(page(1).after());

        source.pages.add(page(2));
        task.step();
        sink.acknowledge(1);
        task.step();
        assertThat(source.saved).as("the checkpoint is due later").hasSize(1);
        assertThat(source.waitedAfter).as("while its checkpoint is due").hasSize(1);

        steps(1);
        assertThat(source.waitedAfter).endsWith(page(2).after());
        assertThat(task.step()).as("more than nothing").isPositive();
    }

    @Test
    void rests_where_the_source_cannot_wait() throws Exception {
        steps(3);

        assertThat(task.step()).isZero();
    }

    @Test
    void does_not_wait_in_the_source_while_the_stream_is_paused() throws Exception {
        source.waits = true;
        source.pause = "by somebody";

        steps(3);

        assertThat(task.step()).isZero();
        assertThat(source.waitedAfter).isEmpty();
    }

    /** Lets more time pass with each step than any interval between checkpoints of published changes. */
    private void steps(int count) throws Exception {
        for (int step = 0; step < count; step++) {
            now += Duration.ofMillis(1100).toNanos();
            task.step();
        }
    }

    private static PublishedOffsets offsets(long... next) {
        Map<Partition, PublishedOffsets.Last> partitions = new HashMap<>();
        for (int number = 0; number < next.length; number++) {
            partitions.put(new Partition("topic", number), new PublishedOffsets.Last(next[number], next[number]));
        }
        return new PublishedOffsets(Map.of("topic", "id"), partitions);
    }

    private void remembered(int checkpoint, long... next) {
        source.history.remember(new Checkpoint("s" + checkpoint, null, checkpoint, checkpoint), offsets(next));
    }

    @Test
    void publishes_again_from_the_newest_checkpoint_of_which_the_topic_has_lost_nothing() throws Exception {
        for (int i = 1; i <= 7; i++) {
            remembered(i, 10L * i, 10);
        }
        source.saved.add(new Checkpoint("s8", null, 8, 8));
        source.history.last = offsets(80, 10);
        sink.held = offsets(45, 10);

        task.step();

        assertThat(source.history.begunAt).isEqualTo(new Checkpoint("s4", null, 8, 8));
    }

    @Test
    void publishes_all_of_the_change_table_again_when_the_topic_lost_more_than_is_remembered() throws Exception {
        remembered(1, 10, 10);
        source.history.last = offsets(80, 10);
        sink.held = offsets(5, 10);

        task.step();

        assertThat(source.history.begunAt)
                .isEqualTo(new Checkpoint("nothing", null, START.highestActionId(), START.highestActionId()));
    }

    @Test
    void goes_on_at_the_checkpoint_when_the_topic_was_created_again() throws Exception {
        remembered(1, 10, 10);
        source.saved.add(new Checkpoint("s8", null, 8, 8));
        source.history.last = offsets(80, 10);
        sink.held = new PublishedOffsets(Map.of("topic", "another"), Map.of());

        task.step();

        assertThat(source.history.begunAt).isEqualTo(new Checkpoint("s8", null, 8, 8));
    }

    @Test
    void goes_back_no_further_for_one_topic_when_another_was_created_again() throws Exception {
        for (int i = 1; i <= 3; i++) {
            source.history.remember(new Checkpoint("s" + i, null, i, i), ofTwoTopics("id", 10L * i, 70));
        }
        source.saved.add(new Checkpoint("s8", null, 8, 8));
        source.history.last = ofTwoTopics("id", 80, 70);
        sink.held = ofTwoTopics("another", 25, 0);

        task.step();

        assertThat(source.history.begunAt).isEqualTo(new Checkpoint("s2", null, 8, 8));
    }

    private static PublishedOffsets ofTwoTopics(String idOfSecond, long next, long nextOfSecond) {
        return new PublishedOffsets(
                Map.of("topic", "id", "second", idOfSecond),
                Map.of(
                        new Partition("topic", 0), new PublishedOffsets.Last(next, next),
                        new Partition("second", 0), new PublishedOffsets.Last(nextOfSecond, nextOfSecond)));
    }

    private static Page page(int number) {
        Change change = new Change(TABLE, number, new byte[] {1}, new byte[] {2}, 1, 0);
        return new Page(List.of(change), new Checkpoint("s" + number, null, number, number), 0);
    }

    private static final class FakeSource implements SourceDatabase {
        private final Deque<Page> pages = new ArrayDeque<>();
        private final List<Checkpoint> saved = new ArrayList<>();
        private @Nullable OutageException failure;
        private @Nullable OutageException problem;
        private @Nullable OutageException outOfReach;
        private final List<List<PublishedChange>> compared = new ArrayList<>();
        private @Nullable RestoredSourceException contradiction;
        private @Nullable String pause;
        private @Nullable String unflushed;
        private @Nullable String idlePeer;
        private boolean waits;
        private final List<Checkpoint> waitedAfter = new ArrayList<>();
        private boolean lockedByAnother;
        private final FakeHistory history = new FakeHistory();
        private int opened;
        private int closed;

        @Override
        public Optional<SourceSession> tryOpen() throws OutageException {
            if (outOfReach != null) {
                throw outOfReach;
            }
            if (lockedByAnother) {
                return Optional.empty();
            }
            opened++;
            return Optional.of(new Session());
        }

        @Override
        public Optional<String> idlePeer() {
            return Optional.ofNullable(idlePeer);
        }

        private final class Capture implements TableCapture {
            @Override
            public CapturedTable table() {
                return TABLE;
            }

            @Override
            public void check() throws OutageException {
                if (problem != null) {
                    throw problem;
                }
            }

            @Override
            public void compare(List<PublishedChange> recent) {
                compared.add(recent);
                if (contradiction != null) {
                    throw contradiction;
                }
            }
        }

        private final class Session implements SourceSession {
            @Override
            public SourceCluster cluster() {
                return new SourceCluster(7, 1);
            }

            @Override
            public List<TableCapture> tables() {
                return List.of(new Capture());
            }

            @Override
            public Optional<String> unflushed() {
                return Optional.ofNullable(unflushed);
            }

            @Override
            public Checkpoint checkpoint() {
                return saved.isEmpty() ? START : saved.get(saved.size() - 1);
            }

            @Override
            public Page read(Checkpoint from) throws OutageException {
                if (failure != null) {
                    throw failure;
                }
                return pages.isEmpty() ? new Page(List.of(), from, 0) : pages.remove();
            }

            @Override
            public boolean awaitChanges(Checkpoint after) {
                if (waits) {
                    waitedAfter.add(after);
                }
                return waits;
            }

            @Override
            public void save(Checkpoint checkpoint, PublishedOffsets published) {
                saved.add(checkpoint);
            }

            @Override
            public PublishedHistory history() {
                return history;
            }

            @Override
            public Optional<String> pause() {
                return Optional.ofNullable(pause);
            }

            @Override
            public void close() {
                closed++;
            }
        }
    }

    private static final class FakeHistory implements PublishedHistory {
        private final Deque<Remembered> remembered = new ArrayDeque<>();
        private PublishedOffsets last = new PublishedOffsets(Map.of(), Map.of());
        private boolean complete = true;
        private @Nullable Checkpoint begunAt;

        @Override
        public PublishedOffsets last() {
            return last;
        }

        @Override
        public List<Remembered> remembered() {
            return List.copyOf(remembered);
        }

        @Override
        public Checkpoint beforeEverything() {
            return new Checkpoint("nothing", null, 0, 0);
        }

        @Override
        public void remember(Checkpoint checkpoint, PublishedOffsets published) {
            remembered.addFirst(new Remembered(remembered.size() + 1, Instant.EPOCH, checkpoint, published));
        }

        @Override
        public boolean holdsAllAfter(Checkpoint checkpoint, @Nullable Instant takenAt) {
            return complete;
        }

        @Override
        public void beginAt(Checkpoint checkpoint, PublishedOffsets published, long newestKept) {
            begunAt = checkpoint;
            remembered.removeIf(each -> each.number() > newestKept);
        }
    }

    private static final class FakeSink implements EventSink {
        private final List<boolean[]> published = new ArrayList<>();
        private final List<PublishedChange> tail =
                List.of(new PublishedChange(new RecordAddress(new Partition("t", 0), 0), "7", 1, 1, 0));
        private int handedOver;
        private @Nullable OutageException failure;
        private PublishedOffsets held = new PublishedOffsets(Map.of("topic", "id"), Map.of());

        @Override
        public PublishedOffsets published() {
            return held;
        }

        @Override
        public PublishedOffsets takeUp() {
            return held;
        }

        @Override
        public Set<Partition> lost(PublishedOffsets published) {
            return published.partitions().entrySet().stream()
                    .filter(each -> !held.last(each.getKey()).equals(each.getValue())
                            && held.last(each.getKey()).nextOffset()
                                    <= each.getValue().nextOffset())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        @Override
        public Publication publish(Page page, SourceCluster source) {
            boolean[] acknowledged = {false};
            published.add(acknowledged);
            return new Publication() {
                @Override
                public boolean isAcknowledged() {
                    return acknowledged[0];
                }

                @Override
                public boolean await(Duration atMost) {
                    return acknowledged[0];
                }
            };
        }

        @Override
        public void advance() throws OutageException {
            if (failure != null) {
                throw failure;
            }
            handedOver = published.size();
        }

        @Override
        public List<PublishedChange> recent(CapturedTable table) {
            return tail;
        }

        void acknowledge(int number) {
            published.get(number)[0] = true;
        }
    }

    private static final class Unmeasured implements CaptureMetrics {
        @Override
        public void captured(List<Change> changes, long waiting) {}

        @Override
        public void published(List<Change> changes) {}

        @Override
        public void topicLost(long records) {}

        @Override
        public void topicLossIncomplete() {}

        @Override
        public void caughtUp() {}

        @Override
        public void paused(boolean paused) {}
    }

    private static final class Heard implements Readiness {
        private String said = "";

        @Override
        public void ready(String reason) {
            said = "ready: " + reason;
        }

        @Override
        public void notReady(String reason) {
            said = "not ready: " + reason;
        }

        @Override
        public void beat() {}
    }
}
