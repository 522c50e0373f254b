package io.rowrelay.sandbox.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void a_percentile_is_the_sample_that_so_many_percent_do_not_exceed() {
        Samples samples = new Samples(LongStream.rangeClosed(1, 1_000)
                .map(millis -> (1_001 - millis) * 1_000_000)
                .toArray());

        assertThat(samples.percentileMillis(50)).isEqualTo(500);
        assertThat(samples.percentileMillis(99)).isEqualTo(990);
        assertThat(samples.percentileMillis(99.9)).isEqualTo(999);
        assertThat(samples.percentileMillis(100)).isEqualTo(1_000);
        assertThat(samples.percentile(99)).isEqualTo(Duration.ofMillis(990));
        assertThat(samples.count()).isEqualTo(1_000);
    }

    @Test
    void one_sample_is_every_percentile() {
        Samples samples = new Samples(new long[] {7_000_000});

        assertThat(samples.percentileMillis(0)).isEqualTo(7);
        assertThat(samples.percentileMillis(99.9)).isEqualTo(7);
    }

    @Test
    void nothing_measured_is_no_zero() {
        Samples none = new Samples(new long[0]);

        assertThat(none.count()).isZero();
        assertThatThrownBy(() -> none.percentileMillis(50)).isInstanceOf(IllegalStateException.class);
    }
}
