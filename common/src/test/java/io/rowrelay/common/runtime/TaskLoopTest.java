package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskLoopTest {
    private final StopSignal stop = new StopSignal();
    private final List<String> heard = new ArrayList<>();
    private final Readiness readiness = new Readiness() {
        @Override
        public void ready(String reason) {
            heard.add("ready " + reason);
        }

        @Override
        public void notReady(String reason) {
            heard.add("not ready " + reason);
        }

        @Override
        public void beat() {
            heard.add("beat");
        }
    };
    private int outages;
    private int steps;

    @Test
    void repeats_the_step_until_stop_is_asked() throws Exception {
        loop(() -> {
                    steps++;
                    if (steps == 5) {
                        stop.request();
                    }
                    return 1;
                })
                .run();

        assertThat(steps).isEqualTo(5);
        assertThat(heard).containsOnly("beat").hasSize(5);
    }

    @Test
    void outlasts_an_outage_and_tells_of_it() throws Exception {
        loop(() -> {
                    steps++;
                    if (steps == 4) {
                        stop.request();
                        return 0;
                    }
                    throw new OutageException("database away", null);
                })
                .run();

        assertThat(steps).isEqualTo(4);
        assertThat(outages).isEqualTo(1);
        assertThat(heard).filteredOn(word -> !word.equals("beat")).containsOnly("not ready database away");
    }

    @Test
    void ends_with_what_is_no_outage() {
        TaskLoop loop = loop(() -> {
            throw new IllegalStateException("unheard of");
        });

        assertThatThrownBy(loop::run).isInstanceOf(IllegalStateException.class).hasMessage("unheard of");
    }

    @Test
    void counts_an_outage_again_only_after_a_success() throws Exception {
        loop(() -> {
                    steps++;
                    if (steps == 6) {
                        stop.request();
                    }
                    if (steps % 3 == 0) {
                        return 1;
                    }
                    throw new OutageException("away", null);
                })
                .run();

        assertThat(outages).isEqualTo(2);
    }

    @Test
    void goes_on_with_the_task_when_its_housekeeping_fails() throws Exception {
        long[] now = {0};
        Housekeeping housekeeping = new Housekeeping(
                () -> ++steps,
                List.of(() -> {
                    throw new OutageException("no right to delete", null);
                }),
                () -> now[0]);

        now[0] = Duration.ofMinutes(2).toNanos();

        assertThat(housekeeping.step()).isEqualTo(1);
        assertThat(housekeeping.step()).isEqualTo(2);
    }

    @Test
    void does_its_housekeeping_sooner_while_there_is_more_of_it() throws Exception {
        long[] now = {0};
        int[] chunks = {3};
        int[] calls = {0};
        Housekeeping housekeeping = new Housekeeping(
                () -> 0,
                List.of(() -> {
                    calls[0]++;
                    return chunks[0]-- > 0 ? 1000 : 0;
                }),
                () -> now[0]);

        housekeeping.step();
        assertThat(calls[0]).isZero();
        now[0] = Duration.ofSeconds(61).toNanos();
        for (int second = 0; second < 20; second++) {
            housekeeping.step();
            now[0] += Duration.ofSeconds(1).toNanos();
        }

        assertThat(calls[0]).isEqualTo(4);
    }

    private TaskLoop loop(Task task) {
        Backoff backoff = new Backoff(Duration.ofNanos(1), Duration.ofMillis(1), new Random(1));
        return new TaskLoop(
                task,
                new IdleWait(Duration.ZERO),
                backoff,
                new OutageReport(readiness, () -> outages++),
                readiness,
                stop);
    }
}
