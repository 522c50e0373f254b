package io.rowrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Goal;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.replication.LogicalReplication;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures(Goals.all());

    @Test
    void takes_the_median_of_the_rounds() {
        assertThat(figure(30, 10, 20).median()).isEqualTo(20);
        assertThat(figure(40, 10, 20, 30).median()).isEqualTo(25);
        assertThat(figure(5).median()).isEqualTo(5);
        assertThat(figure(30, 10, 20).least()).isEqualTo(10);
        assertThat(figure(30, 10, 20).most()).isEqualTo(30);
    }

    @Test
    void divides_round_by_round() {
        figures.addRatio("any", "ratio", Optional.of(figure(10, 30)), Optional.of(figure(20, 40)));

        assertThat(figures.find("any", "ratio").orElseThrow().rounds()).containsExactly(0.5, 0.75);
    }

    @Test
    void divides_the_medians_where_the_rounds_do_not_match() {
        figures.addRatio("any", "ratio", Optional.of(figure(10, 20, 30)), Optional.of(figure(40)));

        assertThat(figures.find("any", "ratio").orElseThrow().rounds()).containsExactly(0.5);
    }

    @Test
    void has_no_ratio_to_what_was_not_measured() {
        figures.addRatio("any", "ratio", Optional.of(figure(10)), Optional.empty());

        assertThat(figures.all()).isEmpty();
    }

    @Test
    void puts_the_goal_beside_the_figure() {
        figures.add(Drain.NAME, Drain.AGAINST_LOGICAL, Unit.RATIO, 0.7);
        figures.add(Drain.NAME, LogicalReplication.NAME, Unit.RATE, 60_000);

        assertThat(figures.all()).extracting(Figure::goal).containsExactly(Goal.atLeast(0.6), null);
        assertThat(Goal.atLeast(0.6).isMet(0.7)).isTrue();
        assertThat(Goal.atMost(3).isMet(3.1)).isFalse();
    }

    @Test
    void shows_as_many_decimals_as_a_number_deserves() {
        assertThat(List.of(Figure.number(51_234.6), Figure.number(12.34), Figure.number(0.617), Figure.number(0)))
                .containsExactly("51,235", "12.3", "0.62", "0.00");
    }

    private static Figure figure(double... rounds) {
        return new Figure("any", "any", Unit.RATE, Arrays.stream(rounds).boxed().toList(), null);
    }
}
