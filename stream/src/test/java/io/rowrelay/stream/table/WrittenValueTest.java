package io.rowrelay.stream.table;

import static io.rowrelay.stream.table.TestColumns.type;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenValueTest {
    /** As PostgreSQL keeps lengths, and precisions with scales. */
    private static final int LENGTH_5 = 5 + 4;

    private static final int NUMERIC_12_2 = (12 << 16 | 2) + 4;
    private static final int NUMERIC_5_MINUS_2 = (5 << 16 | (-2 & 0x7ff)) + 4;

    @ParameterizedTest
    @CsvSource({
        "text, varchar",
        "varchar, text",
        "int4, int2",
        "numeric, int8",
        "int2, int4",
        "_text, _varchar",
        "_varchar, _text"
    })
    void a_value_of_a_related_type_stays_as_it_is(String from, String to) {
        assertThat(WrittenValue.of("r.a", type(from, -1), type(to, -1))).contains("r.a");
    }

    @ParameterizedTest
    @CsvSource({
        "text, date",
        "int4, text",
        "numeric, numeric",
        "int4, numeric",
        "date, timestamptz",
        "_int4, _int8",
        "text, _text"
    })
    void a_cast_says_what_becomes_of_other_types(String from, String to) {
        assertThat(WrittenValue.of("r.a", type(from, -1), type(to, -1))).isEmpty();
    }

    @Test
    void a_number_is_rounded_to_the_scale_and_not_cut_to_the_precision() {
        assertThat(WrittenValue.of("r.a", type("numeric", -1), type("numeric", NUMERIC_12_2)))
                .contains("round(r.a::numeric, 2)");
        assertThat(WrittenValue.of("r.a", type("int8", -1), type("numeric", NUMERIC_5_MINUS_2)))
                .contains("round(r.a::numeric, -2)");
    }

    @Test
    void a_text_loses_blanks_beyond_the_length_and_nothing_else() {
        assertThat(WrittenValue.of("r.a", type("text", -1), type("varchar", LENGTH_5)))
                .contains("CASE WHEN btrim(substr(r.a::text, 6), ' ') = '' THEN left(r.a::text, 5) ELSE r.a::text END");
    }

    @ParameterizedTest
    @CsvSource({"bpchar", "bit", "varbit", "_bpchar", "_bit", "_varbit"})
    void a_type_that_a_cast_would_cut_is_taken_without_its_length(String to) {
        assertThat(WrittenValue.of("r.a", type("text", -1), type(to, LENGTH_5)))
                .contains("r.a::text::pg_catalog.\"" + to + "\"");
    }
}
