package io.rowrelay.admin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.verify.Difference.Kind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DifferenceRuleTest {
    private static final RowKey KEY = new RowKey(List.of("1"));

    @Test
    void a_row_that_rests_and_is_shown_otherwise_is_different_in_the_columns_that_differ() {
        assertThat(new DifferenceRule(null, row("v1", 1, 2, 3), row("7", 1, 9, 9), row("v1", 1, 2, 3), null)
                        .difference())
                .contains(new Difference(Kind.DIFFERENT, KEY, List.of(1, 2)));
    }

    @Test
    void a_row_that_rests_and_is_not_shown_is_missing() {
        assertThat(new DifferenceRule(null, row("v1", 1), null, row("v1", 1), null).difference())
                .contains(new Difference(Kind.MISSING, KEY, List.of()));
    }

    @Test
    void a_row_that_was_shown_before_and_after_and_that_the_source_lacks_is_extra() {
        assertThat(new DifferenceRule(row("7", 1), null, row("7", 1), null, null).difference())
                .contains(new Difference(Kind.EXTRA, KEY, List.of()));
        assertThat(new DifferenceRule(row("", 1), null, row("", 1), null, null).difference())
                .contains(new Difference(Kind.EXTRA, KEY, List.of()));
    }

    @Test
    void a_row_that_was_written_meanwhile_is_left_open_even_with_the_same_values() {
        open(null, row("v1", 1), row("7", 2), row("v2", 1), null);
        open(null, row("v1", 1), null, row("v2", 1), null);
        open(null, row("v1", 1), row("7", 2), null, null);
    }

    @Test
    void a_row_that_came_and_went_in_the_source_is_left_open() {
        open(null, null, row("7", 1), null, null);
        open(row("6", 1), null, row("7", 1), null, null);
        open(row("7", 1), null, row("7", 1), row("v1", 2), null);
    }

    @Test
    void a_row_that_never_rests_is_different_when_it_was_shown_before_and_after_and_yet_is_not_what_the_source_had() {
        assertThat(new DifferenceRule(row("7", 1, 1), row("v1", 1, 2), row("7", 1, 1), row("v2", 1, 3), null)
                        .difference())
                .contains(new Difference(Kind.DIFFERENT, KEY, List.of(1)));
        open(row("6", 1), row("v1", 2), row("7", 1), row("v2", 3), null);
        open(row("7", 1), row("v1", 2), row("7", 1), null, null);
    }

    @Test
    void is_the_same_when_it_shows_what_the_source_had_or_has_or_a_later_change() {
        same(null, row("v1", 1), row("7", 1), row("v2", 2), null);
        same(null, row("v1", 1), row("7", 2), row("v2", 2), null);
        same(null, row("v1", 1), row("7", 5), row("v2", 2), row("7", 5));
        same(null, row("v1", 1), null, null, null);
        same(null, null, null, row("v1", 1), null);
    }

    @Test
    void a_later_change_that_is_shown_otherwise_is_no_excuse() {
        open(null, row("v1", 1), row("7", 6), row("v2", 2), row("7", 5));
        assertThat(new DifferenceRule(null, row("v1", 1), row("7", 6), row("v1", 1), row("7", 5)).difference())
                .isPresent();
    }

    private static void open(
            @Nullable RowState before,
            @Nullable RowState read,
            @Nullable RowState shown,
            @Nullable RowState after,
            @Nullable RowState claimed) {
        DifferenceRule looks = new DifferenceRule(before, read, shown, after, claimed);
        assertThat(looks.same()).isFalse();
        assertThat(looks.difference()).isEmpty();
    }

    private static void same(
            @Nullable RowState before,
            @Nullable RowState read,
            @Nullable RowState shown,
            @Nullable RowState after,
            @Nullable RowState claimed) {
        DifferenceRule looks = new DifferenceRule(before, read, shown, after, claimed);
        assertThat(looks.same()).isTrue();
        assertThat(looks.difference()).isEmpty();
    }

    private static RowState row(String version, long... columns) {
        return new RowState(KEY, Arrays.stream(columns).boxed().toList(), version);
    }
}
