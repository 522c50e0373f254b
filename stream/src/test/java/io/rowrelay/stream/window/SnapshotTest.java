package io.rowrelay.stream.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final int FIRST = 3;
    private static final int SMALL = 12;

    @ParameterizedTest
    @ValueSource(strings = {"1:1:", "10:20:10,14", "7:7:", "5:9:6"})
    void prints_what_it_has_read(String text) {
        assertThat(Snapshot.parse(text)).hasToString(text).isEqualTo(Snapshot.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1:2",
                "1:2:3:4",
                "0:1:",
                "3:2:",
                "1:4:4",
                "2:4:1",
                "1:9:3,3",
                "1:9:4,3",
                "1:9:3,",
                "a:b:",
                "-1:2:",
                "18446744073709551615:18446744073709551615:"
            })
    void takes_nothing_that_PostgreSQL_would_not_print(String text) {
        assertThatThrownBy(() -> Snapshot.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shows_what_had_ended() {
        Snapshot snapshot = Snapshot.parse("10:20:10,14");

        assertThat(LongStream.of(1, 9, 11, 13, 15, 19).allMatch(snapshot::isVisible))
                .isTrue();
        assertThat(LongStream.of(10, 14, 20, 21, Long.MAX_VALUE).noneMatch(snapshot::isVisible))
                .isTrue();
        assertThat(Snapshot.NOTHING.isVisible(1)).isFalse();
    }

    @Test
    void covers_another_one_exactly_when_it_shows_all_that_the_other_shows() {
        Random random = new Random(26);
        int covering = 0;

        for (int run = 0; run < 20_000; run++) {
            Snapshot one = any(random);
            Snapshot other = any(random);
            boolean covers =
                    LongStream.range(FIRST, SMALL + 2).allMatch(xid -> !other.isVisible(xid) || one.isVisible(xid));
            assertThat(one.covers(other)).as("%s covers %s", one, other).isEqualTo(covers);
            covering += covers ? 1 : 0;
        }

        assertThat(Snapshot.NOTHING.covers(Snapshot.parse("3:3:")))
                .as("a stream begins with it")
                .isTrue();
        assertThat(covering).isBetween(1_000, 19_000);
    }

    private static Snapshot any(Random random) {
        long oldest = 1L + random.nextInt(SMALL);
        long next = oldest + random.nextInt(SMALL - (int) oldest + 1);
        return new Snapshot(
                oldest,
                next,
                LongStream.range(oldest, next)
                        .filter(xid -> random.nextInt(3) == 0)
                        .toArray());
    }
}
