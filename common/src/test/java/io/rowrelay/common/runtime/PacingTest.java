package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacingTest {
    @Test
    void a_backoff_doubles_up_to_its_cap_and_waits_at_least_half() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1));

        for (long full : new long[] {100, 200, 400, 800, 1000, 1000}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
        }
    }

    @Test
    void a_backoff_begins_anew_after_a_success() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), new Random(1));
        for (int attempt = 0; attempt < 10; attempt++) {
            backoff.next();
        }

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void two_backoffs_do_not_wait_alike() {
        Backoff one = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new Random(1));
        Backoff other = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new Random(2));

        assertThat(one.next()).isNotEqualTo(other.next());
    }

    @Test
    void a_backoff_needs_sensible_bounds() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_idle_loop_rests_longer_and_longer_and_not_at_all_after_work() {
        IdleWait idle = new IdleWait(Duration.ofMillis(5));

        assertThat(idle.after(3)).isZero();
        assertThat(idle.after(0)).isEqualTo(Duration.ofMillis(1));
        assertThat(idle.after(0)).isEqualTo(Duration.ofMillis(2));
        assertThat(idle.after(0)).isEqualTo(Duration.ofMillis(4));
        assertThat(idle.after(0)).isEqualTo(Duration.ofMillis(5));
        assertThat(idle.after(1)).isZero();
        assertThat(idle.after(0)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void an_idle_loop_without_a_rest_never_rests() {
        IdleWait idle = new IdleWait(Duration.ZERO);

        assertThat(idle.after(0)).isZero();
        assertThat(idle.after(0)).isZero();
    }
}
