package io.rowrelay.common.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/** With errors as the server sends them, field by field. */
class SafeMessageTest {
    private static final String DETAIL = "D" + "Key (iban)=(secret) already exists.";

    @Test
    void shows_what_the_server_says_in_names_but_no_detail() {
        assertThat(said("23505", "duplicate key value violates unique constraint \"k\"", DETAIL, "nk", "tpeople"))
                .isEqualTo(
                        "ERROR: duplicate key value violates unique constraint \"k\" [table people] (SQLSTATE 23505)");
        assertThat(said(
                        "55P03",
                        "canceling statement due to lock timeout",
                        "Wwhile locking tuple (0,1) in relation \"people\""))
                .isEqualTo("ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)");
    }

    /** A trigger can raise what it likes under any state; the context says that it ran. */
    @ParameterizedTest
    @CsvSource({"P0001", "23505", "42501", "55P03", "57014", "XX000", "22012", "ZZ999"})
    void shows_no_word_of_a_users_function(String state) {
        assertThat(said(
                        state,
                        "salary secret is too high",
                        DETAIL,
                        "Hask secret",
                        "WPL/pgSQL function public.\"check pay\"() line 3 at RAISE\nSQL statement \"INSERT secret\""))
                .startsWith("ERROR: a message that can hold values of rows")
                .contains("DEBUG", "[function public.\"check pay\"]")
                .endsWith("(SQLSTATE " + state + ")")
                .doesNotContain("secret");
        assertThat(said(state, "secret", "Wanother language's words")).doesNotContain("secret");
        assertThat(said(state, "secret", "WPL/pgSQL function rowrelay_audit.f() line 1 at RAISE"))
                .doesNotContain("secret");
        assertThat(said(state, "secret", "WTraceback:\n  secret\nPL/Python function \"check\""))
                .doesNotContain("secret");
        assertThat(said(
                        state,
                        "secret",
                        "WSQL statement \"DELETE FROM x WHERE secret\"\nPL/pgSQL function f() line 1 at EXECUTE"))
                .contains("[function f]")
                .doesNotContain("secret");
    }

    @Test
    void shows_no_message_under_a_state_that_the_server_itself_does_not_use() {
        assertThat(said("P0001", "secret")).doesNotContain("secret");
        assertThat(said("38001", "secret")).doesNotContain("secret");
        assertThat(said("RR123", "secret")).doesNotContain("secret");
    }

    @Test
    void shows_what_the_server_says_while_it_runs_what_is_ours() {
        assertThat(said("57P01", "terminating connection", "WPL/pgSQL function inline_code_block line 9 at PERFORM"))
                .isEqualTo("ERROR: terminating connection (SQLSTATE 57P01)");
        assertThat(said("42P01", "no table", "WSQL statement \"X\"\nPL/pgSQL function rowrelay.version() line 9"))
                .isEqualTo("ERROR: no table (SQLSTATE 42P01)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid input syntax for type integer: \"a\" secret \"b\" | invalid input syntax for type integer: \"...\"",
                "value \"secret\" is out of range for type integer | value \"...\" is out of range for type integer",
                "invalid byte sequence for encoding \"UTF8\": 0xe9 0x20 0x61 | invalid byte sequence for encoding \"...\": \"...\" \"...\" \"...\"",
                "value too long for type character varying(4) | value too long for type character varying(4)",
                "division by zero | division by zero"
            })
    void leaves_the_values_out_of_messages_about_data(String message, String shown) {
        assertThat(said("22P02", message)).isEqualTo("ERROR: " + shown + " (SQLSTATE 22P02)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "syntax error in tsvector: \"secret\" | syntax error in tsvector: \"...\"",
                "syntax error in hstore, near \"secret\" at position 3 | syntax error in hstore, near \"...\" at position 3"
            })
    void leaves_the_values_out_of_messages_about_their_syntax(String message, String shown) {
        assertThat(said("42601", message)).isEqualTo("ERROR: " + shown + " (SQLSTATE 42601)");
    }

    /** The server says where a statement breaks, and in which function. For a value it says neither. */
    @Test
    void tells_a_value_that_breaks_its_syntax_from_a_statement_that_does() {
        String message = "syntax error in tsvector: \"x\"";

        assertThat(SqlFailures.isRejection(failure("42601", message))).isTrue();
        assertThat(SqlFailures.isRejection(
                        failure("42601", message, "WPL/pgSQL function rowrelay.rehearse(text) line 3 at EXECUTE")))
                .isTrue();
        assertThat(SqlFailures.isRejection(failure("42601", message, "P17"))).isFalse();
        assertThat(SqlFailures.isRejection(failure("42601", message, "p17"))).isFalse();
        assertThat(SqlFailures.isRejection(failure("42601", message, "WPL/pgSQL function f() line 3 at EXECUTE")))
                .isFalse();
        assertThat(SqlFailures.isRejection(failure("42703", message))).isFalse();
    }

    @Test
    void shows_no_value_that_the_driver_could_not_read() {
        SQLException failure =
                new PSQLException("Bad value for type int : secret", PSQLState.NUMERIC_VALUE_OUT_OF_RANGE);

        assertThat(SqlFailures.describe(failure)).isEqualTo("Bad value for type int  (SQLSTATE 22003)");
    }

    @Test
    void takes_the_values_out_of_every_text_about_a_failure() {
        PSQLException failure = failure("23505", "duplicate key", DETAIL);
        IllegalStateException around = new IllegalStateException(failure);
        around.addSuppressed(failure("P0001", "another secret"));

        assertThat(around).hasMessageContaining("secret");
        assertThat(SqlFailures.shown(around)).contains("duplicate key").doesNotContain("secret");
        assertThat(SqlFailures.shown(around, around + " <- " + around.getSuppressed()[0]))
                .contains("a message that can hold")
                .doesNotContain("secret");
    }

    @Test
    void tells_a_person_who_asks_all_of_the_first_line() {
        assertThat(SqlFailures.explain(failure("P0001", "salary is too high", DETAIL)))
                .isEqualTo("ERROR: salary is too high (SQLSTATE P0001)");
    }

    private static String said(String state, String message, String... more) {
        return SqlFailures.describe(failure(state, message, more));
    }

    private static PSQLException failure(String state, String message, String... more) {
        StringBuilder fields = new StringBuilder("SERROR\0C" + state + "\0M" + message + "\0");
        for (String field : more) {
            fields.append(field).append('\0');
        }
        return new PSQLException(new ServerErrorMessage(fields.toString()));
    }
}
