package io.rowrelay.producer.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollPaceTest {
    private final PollPace pace = new PollPace(Duration.ofMillis(20));

    @Test
    void rests_longer_and_longer_while_there_is_nothing_to_do() {
        assertThat(pace.after(0)).isEqualTo(Duration.ofMillis(1));
        assertThat(pace.after(0)).isEqualTo(Duration.ofMillis(2));
        assertThat(pace.after(1)).isZero();
        assertThat(pace.after(0)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void lets_small_pages_gather_but_not_for_long() {
        assertThat(pace.after(2)).isZero();
        assertThat(pace.after(3)).isPositive();
        assertThat(pace.after(5)).isGreaterThan(pace.after(3));
        assertThat(pace.after(50)).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void goes_on_at_once_after_a_page_that_is_worth_its_cost() {
        assertThat(pace.after(100)).isZero();
        assertThat(pace.after(5_000)).isZero();
    }
}
