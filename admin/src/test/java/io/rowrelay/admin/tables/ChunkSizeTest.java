package io.rowrelay.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static final int LARGEST = 1_000;
    private static final Duration QUICK = Duration.ofMillis(2);

    private final ChunkSize size = new ChunkSize(LARGEST);

    @Test
    void grows_up_to_the_largest_while_locks_are_held_for_a_moment() {
        IntStream.range(0, 20).forEach(n -> size.held(QUICK, size.rows()));

        assertThat(size.rows()).isEqualTo(LARGEST);
    }

    @Test
    void settles_where_a_transaction_does_not_take_too_long() {
        Duration perRow = Duration.ofNanos(20_000);

        IntStream.range(0, 20).forEach(n -> size.held(perRow.multipliedBy(size.rows()), size.rows()));

        assertThat(perRow.multipliedBy(size.rows())).isLessThanOrEqualTo(ChunkSize.TOO_LONG);
        assertThat(size.rows()).isGreaterThan(50);
    }

    @Test
    void shrinks_at_once_when_the_server_slows_down_but_not_below_what_rows_can_be_blamed_for() {
        IntStream.range(0, 20).forEach(n -> size.held(QUICK, size.rows()));

        size.held(ChunkSize.TOO_LONG.plusMillis(1), LARGEST);
        assertThat(size.rows()).isEqualTo(LARGEST / 2);
        IntStream.range(0, 20).forEach(n -> size.held(Duration.ofSeconds(1), size.rows()));

        assertThat(size.rows()).isEqualTo(10);
    }

    @Test
    void does_not_grow_by_a_chunk_that_was_small_because_there_were_no_more_rows() {
        size.held(QUICK, 3);

        assertThat(size.rows()).isEqualTo(50);
    }

    @Test
    void goes_down_to_a_single_row_when_others_are_in_the_way_and_never_above_what_was_asked_for() {
        IntStream.range(0, 20).forEach(n -> size.busy());
        assertThat(size.rows()).isEqualTo(1);

        ChunkSize small = new ChunkSize(3);
        IntStream.range(0, 20).forEach(n -> small.held(QUICK, small.rows()));
        small.held(Duration.ofSeconds(1), 3);
        assertThat(small.rows()).isEqualTo(3);
    }
}
