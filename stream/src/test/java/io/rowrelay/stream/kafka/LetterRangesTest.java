package io.rowrelay.stream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.SeenDeadLetters;
import org.junit.jupiter.api.Test;

class LetterRangesTest {
    private final LetterRanges ranges = new LetterRanges();

    @Test
    void offsets_that_follow_each_other_are_one_range() {
        assertThat(ranges).hasToString("{}");
        for (long offset : new long[] {0, 1, 2, 7, 9, 10}) {
            ranges.add(offset);
        }

        assertThat(ranges).hasToString("{[0,3),[7,8),[9,11)}");
    }

    /** Somebody writes dead letters of two streams in turns. */
    @Test
    void there_are_no_more_ranges_than_are_remembered() {
        int letters = 3 * SeenDeadLetters.MOST_RANGES;
        for (long letter = 0; letter < letters; letter++) {
            ranges.add(2 * letter);
        }

        String[] all = ranges.toString().split("\\),");
        assertThat(all).hasSize(SeenDeadLetters.MOST_RANGES);
        assertThat(all[1]).isEqualTo("[2,3");
        assertThat(all[all.length - 1]).isEqualTo("[" + 2 * (all.length - 1) + "," + (2 * letters - 1) + ")}");
    }
}
