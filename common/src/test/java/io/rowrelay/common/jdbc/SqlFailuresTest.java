package io.rowrelay.common.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFailuresTest {
    @ParameterizedTest
    @ValueSource(strings = {"21000", "22001", "22003", "22007", "22P02", "22P05", "23502", "23505", "23514", "23P01"})
    void blames_the_values_for_data_exceptions_and_constraints(String sqlState) {
        assertThat(SqlFailures.isRejection(new SQLException("refused", sqlState)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "25006", "28P01", "3D000", "40001", "40P01", "42P01", "42703", "42501", "53100", "53300",
                "54001", "55P03", "57014", "57P01", "57P03", "58030", "P0001", "XX000", "99999"
            })
    void never_blames_the_values_for_anything_else(String sqlState) {
        assertThat(SqlFailures.isRejection(new SQLException("out", sqlState))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "40001, busy",
        "40P01, busy",
        "55P03, busy",
        "57014, busy cut-short",
        "08006, cut-short",
        "57P01, cut-short",
        ", cut-short",
        "53100, exhausted",
        "42P01, wrong-statement",
        "42703, wrong-statement",
        "22012, wrong-statement",
        "0A000, wrong-statement",
        "25006, wrong-statement",
        "28P01, login",
        "3D000, login",
        "23505, other-rows",
        "23503, other-rows",
        "23001, other-rows",
        "23P01, other-rows",
        "23514, nothing",
        "58030, nothing"
    })
    void tells_what_else_a_state_means(@Nullable String sqlState, String meanings) {
        SQLException failure = new SQLException("failed", sqlState);
        List<String> found = new ArrayList<>();
        add(found, "busy", SqlFailures.isBusy(failure));
        add(found, "cut-short", SqlFailures.isCutShort(failure));
        add(found, "exhausted", SqlFailures.isExhausted(failure));
        add(found, "wrong-statement", SqlFailures.isWrongStatement(failure));
        add(found, "login", SqlFailures.isRefusedLogin(failure));
        add(found, "other-rows", sqlState != null && SqlFailures.speaksOfOtherRows(sqlState));

        assertThat(found.isEmpty() ? "nothing" : String.join(" ", found)).isEqualTo(meanings);
    }

    private static void add(List<String> found, String meaning, boolean holds) {
        if (holds) {
            found.add(meaning);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08003", "08006", "57P01", "57P02", "57P03"})
    void takes_whatever_keeps_it_from_the_server_for_one_outage(String sqlState) {
        assertThat(SqlFailures.outage("reading", new SQLException("gone", sqlState))
                        .outage())
                .isEqualTo(SqlFailures.outage("connecting", new SQLException("waited 5003 ms"))
                        .outage());
    }

    @Test
    void takes_what_a_server_says_of_the_work_for_an_outage_of_its_own() {
        assertThat(SqlFailures.outage("reading", new SQLException("no table", "42P01"))
                        .outage())
                .isNotEqualTo(SqlFailures.outage("reading", new SQLException("gone", "08006"))
                        .outage());
    }

    @Test
    void never_blames_the_values_when_there_is_no_sqlstate() {
        assertThat(SqlFailures.isRejection(new SQLException("socket closed"))).isFalse();
    }

    @Test
    void says_what_the_driver_said_and_not_how_long_the_pool_waited() {
        SQLException refused = new SQLException("Connection to db:5432 refused.\nCheck the host.", "08001");
        SQLException waited =
                new SQLTransientConnectionException("pool - request timed out after 5000ms", null, refused);

        assertThat(SqlFailures.describe(waited)).isEqualTo("Connection to db:5432 refused. (SQLSTATE 08001)");
        assertThat(SqlFailures.outage("connecting", waited))
                .hasMessage("connecting: Connection to db:5432 refused. (SQLSTATE 08001)");
    }

    @Test
    void says_the_sqlstate_after_a_message_that_repeats_a_whole_value() {
        SQLException failure = new SQLException("invalid input syntax for type date: " + "d".repeat(900_000), "22007");

        assertThat(SqlFailures.explain(failure)).endsWith("(SQLSTATE 22007)").hasSizeLessThan(600);
    }
}
