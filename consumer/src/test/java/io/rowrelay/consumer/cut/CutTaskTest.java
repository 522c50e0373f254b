package io.rowrelay.consumer.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowHeaders;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.window.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CutTaskTest {
    /** {@code -Drowrelay.cut.runs=5000} makes more of them. */
    private static final int RUNS = Integer.getInteger("rowrelay.cut.runs", 150);

    private static final CutLimits SMALL = new CutLimits(6_000, 4_000, 20, 15, 5);
    private static final Partition ORDERS = new Partition("shop.t0", 0);

    private final Random random = new Random(1);
    private final ModelStream stream = new ModelStream(random, 3);
    private final ModelFeed feed = new ModelFeed(stream, random, 5);
    private final ModelDestination destination = new ModelDestination(stream, random);
    private final List<Rejected> letters = new ArrayList<>();
    private Map<String, Long> waiting = Map.of();
    private long now;
    private final CutTask task = task(destination, feed, SMALL);

    {
        destination.compares = false;
    }

    private CutTask task(ModelDestination to, ModelFeed from, CutLimits limits) {
        DeadLetters deadLetters = letters::addAll;
        CutMetrics metrics = new CutMetrics() {
            @Override
            public void applied(List<CutWindow> windows, CutOutcome outcome) {}

            @Override
            public void began(Set<String> paused) {}

            @Override
            public void appliedLarge(Map<String, Long> changes, CutOutcome outcome) {}

            @Override
            public void waiting(Map<String, Long> changes) {
                waiting = changes;
            }
        };
        return new CutTask(
                new CutPorts(from, to, deadLetters, Readiness.UNHEARD, metrics),
                limits,
                () -> now += Duration.ofMillis(20).toNanos());
    }

    @Test
    void each_state_of_the_destination_is_one_of_the_source_whatever_happens_to_producers_and_consumers()
            throws Exception {
        int staged = 0;
        for (int run = 0; run < RUNS; run++) {
            staged += aRun(run);
        }
        assertThat(staged).as("changes that were staged").isPositive();
    }

    /** Returns how many changes were staged. */
    private int aRun(int seed) throws Exception {
        now = seed;
        Random chance = new Random(seed);
        ModelStream source = new ModelStream(chance, 1 + chance.nextInt(5));
        ModelFeed topics = new ModelFeed(source, chance, 1 + chance.nextInt(20));
        ModelDestination target = new ModelDestination(source, chance);
        target.failsOneOf = chance.nextBoolean() ? 30 : Integer.MAX_VALUE;
        CutTask consumer = task(target, topics, SMALL);
        int faults = chance.nextInt(3);
        for (int i = 0; i < 600; i++) {
            switch (chance.nextInt(8)) {
                case 0, 1 -> source.write();
                case 2, 3, 4 -> source.produce();
                default -> stepped(consumer);
            }
            if (faults > 0 && chance.nextInt(60) == 0) {
                source.restartProducer();
            }
            if (faults > 1 && chance.nextInt(60) == 0) {
                consumer.close();
                consumer = task(target, topics, SMALL);
            }
            if (chance.nextInt(100) == 0) {
                topics.again = true;
            }
            if (chance.nextInt(100) == 0) {
                source.writeForeign();
            }
        }
        source.endZombies();
        source.endAllTransactions();
        source.write();
        source.endAllTransactions();
        source.produceAll();
        target.failsOneOf = Integer.MAX_VALUE;
        Snapshot last = source.snapshot();
        for (int i = 0; i < 5_000 && !target.progress.applied().covers(last); i++) {
            stepped(consumer);
        }
        assertThat(target.progress.applied().covers(last))
                .as("run %d ends", seed)
                .isTrue();
        return target.staged;
    }

    private static void stepped(CutTask consumer) throws InterruptedException {
        try {
            consumer.step();
        } catch (OutageException outage) {
            assertThat(outage).hasMessageMatching("(?s)the destination is out|.*missing.*|window .*");
        }
    }

    @Test
    void waits_for_each_counted_record() throws Exception {
        changes(1, 3, 4);
        cut(1, "1:1:", "5:5:", Map.of(ORDERS, 3L));

        step(20);

        assertThat(destination.progress.applied()).isEqualTo(Snapshot.NOTHING);
        assertThat(task.state().orElseThrow().windows()).isEqualTo(1);
        assertThat(task.state().orElseThrow().changes()).isEqualTo(2);
        assertThat(waiting).containsExactly(Map.entry("public.t0", 2L));

        changes(1, 4);
        step(20);

        assertThat(destination.progress.applied()).isEqualTo(Snapshot.parse("5:5:"));
        assertThat(waiting).isEmpty();
    }

    @Test
    void says_which_records_do_not_come() throws Exception {
        changes(1, 3, 4);
        cut(1, "1:1:", "5:5:", Map.of(ORDERS, 3L));
        step(20);

        now += Duration.ofSeconds(6).toNanos();

        assertThatThrownBy(task::step)
                .isInstanceOf(OutageException.class)
                .hasMessageContainingAll("window 1:1", "1 of 3 records of partition shop.t0-0 are missing", "resync");
    }

    @Test
    void says_that_windows_are_missing() throws Exception {
        cut(4, "5:5:", "9:9:", Map.of());
        step(3);

        now += Duration.ofSeconds(6).toNanos();

        assertThatThrownBy(task::step)
                .isInstanceOf(OutageException.class)
                .hasMessageContainingAll("windows are missing", "1:1:", "1:4", "5:5:", "resync");
        assertThat(task.state().orElseThrow().stuck()).isTrue();
    }

    @Test
    void goes_on_when_what_was_missing_is_sent_again() throws Exception {
        says_that_windows_are_missing();

        stream.append(new Cut(
                new WindowId(2, 1),
                ModelStream.SOURCE,
                Snapshot.NOTHING,
                Snapshot.parse("9:9:"),
                Instant.EPOCH,
                Map.of()));
        step(10);

        assertThat(destination.progress.window()).isEqualTo(new WindowId(2, 1));
        assertThat(task.state().orElseThrow().stuck()).isFalse();
    }

    @Test
    void takes_nothing_from_another_source() throws Exception {
        cut(1, "1:1:", "5:5:", Map.of());
        step(10);
        stream.append(new Cut(
                new WindowId(2, 1), 8, Snapshot.parse("5:5:"), Snapshot.parse("9:9:"), Instant.now(), Map.of()));

        assertThatThrownBy(() -> step(20)).hasMessageContainingAll("system identifier 8", "from 7", "replaced");
        assertThat(destination.progress.applied()).isEqualTo(Snapshot.parse("5:5:"));
    }

    @Test
    void shows_the_time_of_a_source_that_stands_still() throws Exception {
        cut(1, "1:1:", "5:5:", Map.of());
        step(10);
        Instant later = Instant.ofEpochSecond(9);
        stream.append(new Cut(
                new WindowId(1, 2),
                ModelStream.SOURCE,
                Snapshot.parse("5:5:"),
                Snapshot.parse("5:5:"),
                later,
                Map.of()));

        step(10);

        assertThat(destination.progress.takenAt()).isEqualTo(later);
    }

    @Test
    void says_that_a_producer_numbers_its_windows_from_the_beginning_again() throws Exception {
        cut(1, "1:1:", "5:5:", Map.of());
        cut(2, "5:5:", "7:7:", Map.of());
        step(20);
        cut(1, "7:7:", "9:9:", Map.of());
        step(20);

        now += Duration.ofSeconds(6).toNanos();

        assertThatThrownBy(task::step)
                .isInstanceOf(OutageException.class)
                .hasMessageContainingAll("from an earlier number on (1:1)", "resync");
    }

    @Test
    void makes_dead_letters_of_what_no_producer_has_written() throws Exception {
        stream.append(ModelStream.CUTS, new byte[] {'x'}, List.of());
        changes(1, 3);
        stream.append(ORDERS, new byte[8], List.of());
        cut(1, "1:1:", "5:5:", Map.of(ORDERS, 1L));

        step(20);

        assertThat(letters)
                .extracting(Rejected::kind)
                .containsExactlyInAnyOrder("no cut record", "no window in its headers");
    }

    @Test
    void stands_by_while_another_consumer_holds_the_lock() throws Exception {
        destination.held = true;
        cut(1, "1:1:", "5:5:", Map.of());

        assertThat(task.step()).isZero();
        assertThat(task.standsBy()).isTrue();
        assertThat(task.state()).isEmpty();

        destination.held = false;
        step(20);
        assertThat(task.standsBy()).isFalse();
        assertThat(destination.progress.applied()).isEqualTo(Snapshot.parse("5:5:"));
    }

    @Test
    void keeps_no_more_in_memory_than_it_may_when_a_window_stays_incomplete() throws Exception {
        cut(1, "1:1:", "5:5:", Map.of(new Partition("shop.t1", 0), 1L));
        for (int i = 2; i < 200; i++) {
            changes(i, 3, 4, 5);
            cut(i, (i + 3) + ":" + (i + 3) + ":", (i + 4) + ":" + (i + 4) + ":", Map.of(ORDERS, 3L));
        }

        for (int i = 0; i < 400; i++) {
            stepped(task);
        }

        assertThat(task.state().orElseThrow().changes()).isLessThan(60);
    }

    private void changes(long number, long... xids) {
        for (long xid : xids) {
            stream.append(ORDERS, new byte[8], new WindowHeaders("public.t0", xid, new WindowId(1, number)).headers());
        }
    }

    private void cut(long number, String s1, String s2, Map<Partition, Long> counts) {
        stream.append(new Cut(
                new WindowId(1, number),
                ModelStream.SOURCE,
                Snapshot.parse(s1),
                Snapshot.parse(s2),
                Instant.EPOCH,
                counts));
    }

    private void step(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            task.step();
        }
    }
}
