package io.rowrelay.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HealthTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong seconds = new AtomicLong();
    private final Health health = new Health(
            Duration.ofSeconds(10), () -> START.plusSeconds(seconds.get()), () -> seconds.get() * 1_000_000_000);

    @Test
    void is_live_but_not_ready_at_first() {
        assertThat(health.isLive()).isTrue();
        assertThat(health.state()).isEqualTo(new Health.State(false, "starting", START));
    }

    @Test
    void is_not_live_when_the_loop_stood_still_for_longer_than_allowed() {
        seconds.set(10);
        assertThat(health.isLive()).isTrue();

        seconds.set(11);
        assertThat(health.isLive()).isFalse();

        health.beat();
        assertThat(health.isLive()).isTrue();
    }

    @Test
    void is_not_ready_when_the_loop_stands_still_whatever_it_said() {
        health.ready("capturing");
        seconds.set(11);

        assertThat(health.state())
                .isEqualTo(new Health.State(false, "the loop has not moved for 11 s; it last said: capturing", START));
    }

    @Test
    void tells_since_when_it_is_ready() {
        seconds.set(5);
        health.ready("capturing");
        seconds.set(6);
        health.ready("capturing");

        assertThat(health.state()).isEqualTo(new Health.State(true, "capturing", START.plusSeconds(5)));
    }

    @Test
    void keeps_since_when_only_the_reason_changes() {
        seconds.set(5);
        health.notReady("the source cannot be reached");

        assertThat(health.state()).isEqualTo(new Health.State(false, "the source cannot be reached", START));
    }

    @Test
    void tells_how_long_it_has_not_been_ready_also_when_the_loop_stands_still() {
        health.ready("capturing");
        seconds.set(10);
        assertThat(health.notReadyFor()).isZero();

        seconds.set(11);
        assertThat(health.notReadyFor()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void keeps_since_when_it_was_not_ready_before_the_loop_stood_still() {
        seconds.set(5);
        health.beat();
        health.notReady("the source cannot be reached");
        seconds.set(16);

        assertThat(health.state().since()).isEqualTo(START);
        assertThat(health.notReadyFor()).isEqualTo(Duration.ofSeconds(16));
    }
}
