package io.rowrelay.admin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.verify.Difference.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyReportTest {
    private final VerifyReport report = new VerifyReport("s", ColumnScope.ALL, Optional.empty());

    @Test
    void is_equal_when_no_row_differs_and_all_were_judged() {
        report.finished(2, Duration.ofMillis(500));

        assertThat(report.equal()).isTrue();
        assertThat(report.lines(false)).containsExactly("compared: rows=2 in 0.5 s", "equal: no row differs");
        assertThat(report.json().toString()).contains("\"equal\":true");
    }

    @Test
    void is_not_equal_when_a_row_was_not_judged() {
        report.undecided(1);

        assertThat(report.equal()).isFalse();
        assertThat(report.lines(false))
                .contains("not compared: 1 rows that changed too often")
                .endsWith(
                        "UNKNOWN: no row was found to differ, but 1 rows changed too often to compare; run verify again")
                .noneMatch(line -> line.startsWith("equal"));
        assertThat(report.json().toString()).contains("\"equal\":false", "\"not_judged\":1");
    }

    @Test
    void is_not_equal_when_a_column_of_the_source_was_not_compared() {
        VerifyReport partial = new VerifyReport(
                "s",
                new ColumnScope(List.of("column a of t: it is not captured"), List.of("b"), List.of()),
                Optional.of("id >\n 5"));

        assertThat(partial.equal()).isFalse();
        assertThat(partial.lines(false))
                .contains(
                        "not compared: column a of t: it is not captured",
                        "only the destination has, and nothing is compared with: b")
                .endsWith("UNKNOWN: no row differs among those where id > 5 in the columns that were compared");
        assertThat(partial.lines(true)).noneMatch(line -> line.startsWith("equal") || line.startsWith("repaired"));
        assertThat(partial.json().toString())
                .contains("\"equal\":false", "\"not_compared\":[\"column a of t: it is not captured\"]");
    }

    @Test
    void is_repaired_only_when_all_was_judged_after_the_repair() {
        report.found(
                new ReportedDifference(Kind.MISSING, List.of("id"), List.of("1"), List.of(), List.of(), List.of()));
        assertThat(report.lines(true)).last().asString().startsWith("repaired: ");

        report.undecided(1);

        assertThat(report.lines(true))
                .last()
                .asString()
                .startsWith("UNKNOWN: repairs were sent")
                .doesNotContain("repaired:");
        assertThat(report.equal()).isFalse();
    }

    @Test
    void a_row_that_differs_is_told_first() {
        report.found(
                new ReportedDifference(Kind.MISSING, List.of("id"), List.of("1"), List.of(), List.of(), List.of()));
        report.left(1);
        report.undecided(1);

        assertThat(report.lines(false)).last().asString().startsWith("NOT equal: --repair");
        assertThat(report.lines(true)).last().asString().startsWith("NOT equal: 1 rows still differ");
    }
}
