package io.rowrelay.sandbox.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void spreads_the_transactions_evenly_and_counts_those_after_the_lead_in() {
        Schedule schedule = Schedule.steady(200, Duration.ofSeconds(1), Duration.ofSeconds(2));

        assertThat(schedule.transactions()).isEqualTo(600);
        assertThat(schedule.dueNanos(1)).isEqualTo(Duration.ofMillis(5).toNanos());
        assertThat(schedule.counts(199)).isFalse();
        assertThat(schedule.counts(200)).isTrue();
        assertThat(schedule.length()).isEqualTo(Duration.ofMillis(2_995));
    }

    @Test
    void leaves_a_pause_of_changing_length_before_each_single_transaction() {
        Schedule schedule = Schedule.single(10, Duration.ofMillis(300), Duration.ofMillis(100));

        long before = 0;
        for (int i = 0; i < schedule.transactions(); i++) {
            assertThat(Duration.ofNanos(schedule.dueNanos(i) - before))
                    .isBetween(Duration.ofMillis(300), Duration.ofMillis(400));
            assertThat(schedule.counts(i)).isTrue();
            before = schedule.dueNanos(i);
        }
    }
}
