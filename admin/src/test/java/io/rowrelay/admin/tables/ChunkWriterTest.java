package io.rowrelay.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.SteppedClock;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChunkWriterTest {
    private static final List<RowKey> KEYS = IntStream.range(0, 100)
            .mapToObj(number -> new RowKey(List.of(Integer.toString(number))))
            .toList();

    private final List<Integer> sizes = new ArrayList<>();
    private final SteppedClock clock = new SteppedClock();

    @Test
    void holds_to_its_rate_and_writes_no_more_at_once() throws Exception {
        write(new ChunkWriter(this::note, 1_000, Optional.of(50), clock));

        assertThat(clock.now()).isEqualTo(Duration.ofSeconds(2));
        assertThat(sizes).allMatch(size -> size <= 50);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isCloseTo(100, within(0));
    }

    @Test
    void holds_to_its_rate_with_rows_too_that_somebody_had_locked() throws Exception {
        ChunkWriter writer = new ChunkWriter(
                keys -> keys.size() > 1 ? new Written(0, keys, Duration.ZERO) : note(keys),
                1_000,
                Optional.of(50),
                clock);

        write(writer);

        assertThat(clock.now()).isEqualTo(Duration.ofSeconds(2));
        assertThat(sizes).hasSize(100);
    }

    @Test
    void writes_as_fast_as_it_goes_without_a_rate() throws Exception {
        write(new ChunkWriter(this::note, 1_000, clock));

        assertThat(clock.now()).isZero();
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }

    @Test
    void tries_again_with_fewer_rows_and_longer_pauses_while_somebody_holds_what_is_needed() throws Exception {
        List<Duration> tries = new ArrayList<>();
        ChunkWriter writer = new ChunkWriter(
                keys -> {
                    tries.add(clock.now());
                    if (tries.size() <= 10) {
                        throw new BusyException("in use", new IllegalStateException());
                    }
                    return note(keys);
                },
                1_000,
                clock);

        write(writer);

        assertThat(sizes.get(0)).isEqualTo(1);
        assertThat(tries.get(1)).isLessThanOrEqualTo(Duration.ofMillis(20));
        assertThat(tries.get(10).minus(tries.get(9))).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }

    private Written note(List<RowKey> keys) {
        sizes.add(keys.size());
        return new Written(keys.size(), List.of(), Duration.ZERO);
    }

    private static void write(ChunkWriter writer) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (Progress progress = new Console(nowhere, nowhere).progress("rows", 100, "rows")) {
            writer.write(KEYS, progress);
        }
    }
}
