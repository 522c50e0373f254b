package io.rowrelay.common.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

class RecentProblemsTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("some.Logger");
    private final RecentProblems problems = new RecentProblems();

    RecentProblemsTest() {
        problems.setContext(context);
        problems.start();
        log.addAppender(problems);
    }

    @Test
    void keeps_warnings_and_errors_the_newest_first() {
        log.info("started");
        log.warn("waiting: {}", "no route");
        log.error("stopped", new IllegalStateException("not shown"));

        assertThat(problems.latest()).extracting(RecentProblems.Problem::level).containsExactly("ERROR", "WARN");
        assertThat(problems.latest())
                .extracting(RecentProblems.Problem::message)
                .containsExactly("stopped", "waiting: no route");
    }

    @Test
    void keeps_the_last_twenty_and_of_a_long_one_the_beginning() {
        for (int i = 1; i <= 100; i++) {
            log.warn("{} {}", i, "x".repeat(10_000));
        }

        assertThat(problems.latest())
                .hasSize(20)
                .allMatch(problem -> problem.message().length() < 700);
        assertThat(problems.latest().get(0).message()).startsWith("100 x");
    }
}
