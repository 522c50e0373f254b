package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {

    @ParameterizedTest
    @CsvSource({"ABC, ABC, 0", "ABC, ABD, 1", "ABC, ACB, 1", "ABC, AB, 1", "'', ABC, 3", "KITTEN, SITTING, 3"})
    void counts_slips(String left, String right, int expected) {
        assertThat(Spelling.distance(left, right)).isEqualTo(expected);
        assertThat(Spelling.distance(right, left)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"source.db.url, SOURCE_DB_URL", "SOURCE_URL, SOURCE_DB_URL", "TOPICS, TOPIC"})
    void offers_the_nearest_name(String written, String expected) {
        assertThat(Spelling.suggestion(written, List.of("SOURCE_DB_URL", "SOURCE_DB_USER", "TOPIC")))
                .contains(expected);
    }
}
