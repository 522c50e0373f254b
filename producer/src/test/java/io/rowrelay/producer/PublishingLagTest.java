package io.rowrelay.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishingLagTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean ready = true;
    private final PublishingLag lag = new PublishingLag(
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            },
            () -> Duration.between(Instant.EPOCH, now).toNanos(),
            () -> ready);

    @Test
    void is_not_known_before_anybody_has_looked() {
        assertThat(lag.changes()).isNaN();
        assertThat(lag.seconds()).isNaN();
    }

    @Test
    void is_what_the_loop_reads_as_long_as_it_reads() {
        lag.read(7, now.minusSeconds(3));
        lag.published(2);

        assertThat(lag.changes()).isEqualTo(5);
        assertThat(lag.seconds()).isEqualTo(3);
        assertThat(lag.isUnknown()).isFalse();
    }

    @Test
    void is_not_known_when_the_loop_has_not_looked_for_a_while() {
        lag.caughtUp();
        pass(4);

        assertThat(lag.isUnknown()).isTrue();
        assertThat(lag.changes()).isNaN();
        assertThat(lag.seconds()).isNaN();
    }

    @Test
    void is_what_was_counted_when_the_loop_does_not_look() {
        lag.caughtUp();
        pass(4);
        ready = false;
        lag.counted(new UnpublishedChanges(9, false, Optional.of(Duration.ofSeconds(2))));
        pass(1);

        assertThat(lag.changes()).isEqualTo(9);
        assertThat(lag.seconds()).isEqualTo(3);

        pass(30);
        assertThat(lag.changes()).isNaN();
    }

    @Test
    void believes_a_count_of_nothing_only_while_the_producer_is_ready() {
        lag.counted(new UnpublishedChanges(0, false, Optional.empty()));

        assertThat(lag.changes()).isZero();
        assertThat(lag.seconds()).isZero();

        ready = false;
        assertThat(lag.changes()).isNaN();
        assertThat(lag.seconds()).isNaN();
    }

    @Test
    void lets_what_was_known_to_wait_grow_older_while_nobody_can_look() {
        lag.read(7, now.minusSeconds(3));
        ready = false;
        pass(60);

        assertThat(lag.changes()).isNaN();
        assertThat(lag.seconds()).isEqualTo(63);
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }
}
