package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgingNumberTest {
    private long now;
    private final AgingNumber number = new AgingNumber(Duration.ofSeconds(5), () -> now);

    @Test
    void is_not_known_at_first() {
        assertThat(number.get()).isNaN();
    }

    @Test
    void is_not_known_any_more_once_nobody_has_measured_it_for_a_while() {
        number.set(7);
        pass(5);
        assertThat(number.get()).isEqualTo(7);

        pass(1);
        assertThat(number.get()).isNaN();

        number.set(8);
        assertThat(number.get()).isEqualTo(8);
    }

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
