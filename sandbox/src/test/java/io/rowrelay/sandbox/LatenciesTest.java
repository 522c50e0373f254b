package io.rowrelay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void gives_the_smallest_time_that_a_share_of_the_changes_did_not_exceed() {
        List<Duration> hundred = IntStream.rangeClosed(1, 100)
                .mapToObj(Duration::ofMillis)
                .sorted(Comparator.reverseOrder())
                .toList();

        Latencies latencies = new Latencies(hundred);

        assertThat(latencies.percentile(0.50)).isEqualTo(Duration.ofMillis(50));
        assertThat(latencies.percentile(0.99)).isEqualTo(Duration.ofMillis(99));
        assertThat(latencies.percentile(1.0)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void is_zero_when_nothing_was_measured() {
        assertThat(new Latencies(List.of()).percentile(0.99)).isZero();
    }

    @Test
    void a_single_time_is_every_percentile() {
        Latencies single = new Latencies(List.of(Duration.ofMillis(7)));

        assertThat(single.percentile(0.01)).isEqualTo(Duration.ofMillis(7));
        assertThat(single.percentile(1.0)).isEqualTo(Duration.ofMillis(7));
    }
}
