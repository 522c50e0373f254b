package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockDifferenceTest {
    @ParameterizedTest
    @CsvSource({
        "0, 5, 10, 0, false",
        "0, 1006, 10, 1001, false",
        "0, 1011, 10, 1006, true",
        "0, -1001, 10, -1006, true",
        "0, 3000, 4000, 1000, false",
        "0, 8000, 4000, 6000, true"
    })
    void is_sure_of_no_more_than_the_time_the_question_took_allows(
            long asked, long answer, long answered, long aheadMillis, boolean matters) {
        ClockDifference difference = ClockDifference.of(
                Instant.ofEpochMilli(asked), Instant.ofEpochMilli(answer), Instant.ofEpochMilli(answered));

        assertThat(difference.ahead().toMillis()).isEqualTo(aheadMillis);
        assertThat(difference.matters()).isEqualTo(matters);
    }
}
