package io.rowrelay.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    @Test
    void rests_for_as_long_as_the_rows_may_take_beyond_what_they_took() {
        Throttle throttle = new Throttle(Optional.of(500));

        assertThat(throttle.rest(100, Duration.ofMillis(50))).isEqualTo(Duration.ofMillis(150));
        assertThat(throttle.rest(100, Duration.ofSeconds(1))).isZero();
        assertThat(throttle.rest(0, Duration.ZERO)).isZero();
    }

    @Test
    void never_rests_without_a_rate() {
        assertThat(new Throttle(Optional.empty()).rest(1_000_000, Duration.ZERO))
                .isZero();
    }
}
