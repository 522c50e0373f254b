package io.rowrelay.consumer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentRejectionsTest {
    private final RecentRejections recent = new RecentRejections(5000);

    @Test
    void is_full_only_after_so_many_records_as_it_is_long() {
        add(4999, 4999);
        assertThat(recent.isNearlyEverything()).isFalse();

        add(1, 1);
        assertThat(recent.isNearlyEverything()).isTrue();
    }

    @Test
    void a_single_poll_can_fill_it() {
        add(8000, 8000);

        assertThat(recent.isNearlyEverything()).isTrue();
    }

    @Test
    void a_thousand_bad_records_in_a_row_are_not_nearly_everything() {
        add(20_000, 0);
        add(1000, 1000);
        assertThat(recent.isNearlyEverything()).isFalse();

        add(4000, 0);
        assertThat(recent.isNearlyEverything()).isFalse();
    }

    @Test
    void good_records_that_lie_far_back_do_not_count() {
        add(1_000_000, 0);
        for (int batch = 0; batch < 49; batch++) {
            add(100, 100);
            assertThat(recent.isNearlyEverything()).isFalse();
        }

        add(100, 100);
        assertThat(recent.isNearlyEverything()).isTrue();
    }

    @Test
    void ninety_five_of_a_hundred_are_nearly_everything_and_ninety_four_are_not() {
        for (int batch = 0; batch < 100; batch++) {
            add(100, 94);
            assertThat(recent.isNearlyEverything()).isFalse();
        }

        RecentRejections other = new RecentRejections(5000);
        other.add(new RecentRejections.Share(5000, 4750));
        assertThat(other.isNearlyEverything()).isTrue();
    }

    @Test
    void a_bad_record_now_and_then_among_good_ones_never_fills_it() {
        for (int hour = 0; hour < 365 * 24; hour++) {
            add(10, 0);
            add(1, 1);
            assertThat(recent.isNearlyEverything()).isFalse();
        }
    }

    @Test
    void bad_records_with_no_good_one_between_fill_it_however_slowly_they_come() {
        for (int record = 0; record < 5000; record++) {
            assertThat(recent.isNearlyEverything()).isFalse();
            add(1, 1);
        }

        assertThat(recent.isNearlyEverything()).isTrue();
    }

    @Test
    void where_no_records_are_looked_at_nothing_is_too_much() {
        RecentRejections none = new RecentRejections(0);

        none.add(new RecentRejections.Share(1_000_000, 1_000_000));

        assertThat(none.isNearlyEverything()).isFalse();
    }

    private void add(long tried, long rejected) {
        recent.add(new RecentRejections.Share(tried, rejected));
    }
}
