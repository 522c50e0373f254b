package io.rowrelay.common.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.read.ListAppender;
import io.rowrelay.common.logging.LogSettings.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.event.Level;

final class LoggingTest {

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private Encoder<ILoggingEvent> encoder = Logging.encoder(context, Format.TEXT);

    @Test
    void ends_the_process_after_a_thread_ended_for_want_of_memory_and_for_nothing_else() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        AtomicInteger ends = new AtomicInteger();
        try {
            Logging.onOutOfMemory(ends::incrementAndGet);
            thread(() -> {
                throw new IllegalStateException("no memory is missing");
            });
            assertThat(ends).hasValue(0);

            thread(() -> {
                throw new OutOfMemoryError("Java heap space");
            });
            assertThat(ends).hasValue(1);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static void thread(Runnable work) throws InterruptedException {
        Thread thread = new Thread(work);
        thread.start();
        thread.join();
    }

    @Test
    void writes_one_readable_line_per_event() {
        Logger log = log(Format.TEXT, Level.INFO, "io.rowrelay.Daemon");

        log.info("published count={}", 7);

        assertThat(written())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[main] Daemon: published count=7\n");
    }

    @Test
    void keeps_a_message_of_many_lines_on_one() {
        Logger log = log(Format.TEXT, Level.INFO, "x");

        log.warn("ERROR: refused\n  Detail: Failing row\r\n\u001b[31m");

        assertThat(written()).endsWith("x: ERROR: refused | Detail: Failing row | \\u001b[31m\n");
    }

    @Test
    void tells_the_causes_of_a_warning_on_its_line() {
        Logger log = log(Format.TEXT, Level.INFO, "x");

        log.warn("outage begins", new IllegalStateException("pool is\nempty", new IOException("Connection refused")));

        assertThat(written())
                .endsWith(
                        "outage begins cause=IllegalStateException: pool is | empty <- IOException: Connection refused\n");
    }

    @Test
    void survives_causes_that_go_round_in_a_circle() {
        Logger log = log(Format.TEXT, Level.INFO, "x");
        IOException first = new IOException("first");
        first.initCause(new IOException("second", first));

        log.warn("odd", first);

        assertThat(written()).contains("odd cause=IOException: first <- IOException: second");
    }

    @Test
    void shows_the_stack_trace_of_an_error() {
        Logger log = log(Format.TEXT, Level.INFO, "x");

        log.error("cannot go on", new IllegalStateException("broken"));

        assertThat(written()).contains("cannot go on\n", "IllegalStateException: broken", "at io.rowrelay");
    }

    @Test
    void writes_one_json_object_per_event() {
        Logger log = log(Format.JSON, Level.INFO, "io.rowrelay.Daemon");

        log.info("two\nlines of {}", "\"text\"");

        assertThat(written().lines())
                .singleElement()
                .asString()
                .startsWith("{")
                .endsWith("}")
                .contains("\"level\":\"INFO\"", "two\\nlines of \\\"text\\\"");
    }

    /** What a trigger raises, whatever wraps it: also where the process ends, and in JSON. */
    @ParameterizedTest
    @EnumSource(Format.class)
    void keeps_values_of_rows_in_the_messages_of_exceptions_to_debug(Format format) {
        Logger log = log(format, Level.DEBUG, "x");
        Exception raised = new PSQLException(new ServerErrorMessage(
                "SERROR\0CP0001\0Msalary secret\0DKey (secret)\0WPL/pgSQL function public.f() line 1 at RAISE\0"));
        Exception wrapped = new IllegalStateException(raised);
        wrapped.addSuppressed(raised);

        log.warn("waiting", wrapped);
        log.error("cannot go on", new IllegalArgumentException("odd", wrapped));
        assertThat(written()).contains("P0001", "function public.f").doesNotContain("secret");

        log.debug("cause", wrapped);
        assertThat(written()).contains("salary secret");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void lets_no_text_of_others_steer_the_terminal_or_begin_a_line(Format format) {
        Logger log = log(format, Level.INFO, "x");

        log.error("key={}", "a\u009b2J\u202e", new IOException("b\n2026-01-01 INFO all is well\u001b[2J"));

        assertThat(written())
                .contains("a\\u009b2J\\u202e")
                .doesNotContain("\u009b", "\u202e", "\u001b", "\n2026-01-01 INFO all is well");
    }

    @Test
    void holds_libraries_to_warnings_unless_debugging() {
        Logger kafka = log(Format.TEXT, Level.INFO, "org.apache.kafka.clients.producer.ProducerConfig");
        assertThat(kafka.isInfoEnabled()).isFalse();
        assertThat(kafka.isWarnEnabled()).isTrue();

        Logger debugged = log(Format.TEXT, Level.DEBUG, "org.apache.kafka.clients.producer.ProducerConfig");
        assertThat(debugged.isDebugEnabled()).isTrue();

        Logger quiet = log(Format.TEXT, Level.ERROR, "com.zaxxer.hikari.HikariDataSource");
        assertThat(quiet.isWarnEnabled()).isFalse();
    }

    /** In Kafka's own words: with others than these each attempt would show. */
    @Test
    void leaves_it_to_us_to_say_that_a_broker_refuses_the_login_and_shows_what_else_a_client_says() {
        Logger client = log(Format.TEXT, Level.INFO, "org.apache.kafka.clients.NetworkClient");

        client.error("Connection to node {} ({}) failed authentication due to: {}", -1, "host", "no such user");
        client.error("Uncaught error in request completion:", new IllegalStateException("broken"));

        assertThat(events.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("Uncaught error in request completion:");
    }

    @Test
    void is_set_up_before_any_configuration_is_read() {
        LoggerContext fresh = new LoggerContext();
        FirstLog first = new FirstLog();
        first.setContext(fresh);

        first.configure(fresh);

        assertThat(fresh.getLogger("x").isInfoEnabled()).isTrue();
        assertThat(fresh.getLogger("x").isDebugEnabled()).isFalse();
        assertThat(fresh.getLogger("org.apache.kafka").isInfoEnabled()).isFalse();
    }

    private Logger log(Format format, Level level, String name) {
        Logging.apply(context, new LogSettings(format, level));
        encoder = Logging.encoder(context, format);
        Logger log = context.getLogger(name);
        events.start();
        context.getLogger(name).addAppender(events);
        return log;
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        events.list.forEach(event -> text.append(new String(encoder.encode(event), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
