package io.rowrelay.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageReportTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(OutageReport.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final OutageReport report = new OutageReport(Readiness.UNHEARD, () -> {});

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
    }

    @Test
    void says_once_that_a_dependency_is_out_of_reach_in_whatever_words_the_attempts_fail() {
        report.failed(OutageException.outOfReach("the database", "reading: connection reset", null));
        report.failed(OutageException.outOfReach("the database", "connecting: refused", null));
        report.failed(OutageException.outOfReach("the database", "connecting: starting up", null));
        report.succeeded();

        assertThat(said())
                .containsExactly(
                        "WARN waiting: reading: connection reset",
                        "INFO working again after: reading: connection reset");
    }

    @Test
    void says_each_of_two_causes_that_take_turns_once() {
        for (int attempt = 0; attempt < 5; attempt++) {
            report.failed(new OutageException("lock timeout", null));
            report.failed(OutageException.outOfReach("Kafka", "Kafka does not answer", null));
        }
        report.succeeded();

        assertThat(said())
                .containsExactly(
                        "WARN waiting: lock timeout",
                        "WARN waiting: Kafka does not answer",
                        "INFO working again after: lock timeout");
    }

    @Test
    void says_it_again_when_it_comes_again_after_a_success() {
        report.failed(new OutageException("away", null));
        report.succeeded();
        report.succeeded();
        report.failed(new OutageException("away", null));

        assertThat(said())
                .containsExactly("WARN waiting: away", "INFO working again after: away", "WARN waiting: away");
    }

    @Test
    void does_not_fill_the_log_with_messages_that_are_never_alike() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            report.failed(new OutageException("attempt " + attempt, null));
        }

        assertThat(said()).hasSizeLessThan(50);
    }

    private List<String> said() {
        return lines.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.INFO))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
