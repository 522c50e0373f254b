package io.rowrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void what_comes_first_in_one_round_comes_second_in_the_next() throws Exception {
        List<String> turns = new ArrayList<>();

        for (int round = 1; round <= 2; round++) {
            Measurement.inTurns(round, () -> turns.add("one"), () -> turns.add("other"));
        }

        assertThat(turns).containsExactly("one", "other", "other", "one");
    }

    @Test
    void takes_an_even_number_of_rounds_where_two_take_turns() {
        assertThat(List.of(Measurement.even(1), Measurement.even(2), Measurement.even(3)))
                .containsExactly(1, 2, 2);
    }
}
