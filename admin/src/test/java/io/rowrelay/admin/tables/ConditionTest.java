package io.rowrelay.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a = 1 -- all of it|a = 1 -- all of it",
                "tags ? 'x'|tags ?? 'x'",
                "name = 'who?'|name = 'who?'",
                "\"odd?\" = 'it''s?' AND tags ? 'x'|\"odd?\" = 'it''s?' AND tags ?? 'x'"
            })
    void doubles_question_marks_that_the_driver_would_take_for_parameters(String typed, String sent) {
        assertThat(new Condition(typed).isUnclear()).isFalse();
        assertThat(new Condition(typed).sql()).isEqualTo("(\n" + sent + "\n)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name = $$who?$$|true",
                "name = $a$who?$a$ AND city = 'x'|true",
                "name = E'it\\'s?'|true",
                "name = $$who$$|false",
                "doc @? '$.a'|false",
                "name ~ '\\d?$'|false"
            })
    void does_not_guess_where_texts_of_other_forms_end(String typed, boolean unclear) {
        assertThat(new Condition(typed).isUnclear()).isEqualTo(unclear);
    }
}
