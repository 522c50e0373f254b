package io.rowrelay.it.http;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.stack.Ports;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status page as a real browser shows it. Skipped where none is installed. */
@Timeout(240)
class StatusPageIT {
    @TempDir
    private Path directory;

    private Browser browser;

    @BeforeEach
    void setUp() {
        browser = Browser.assumeInstalled(directory);
    }

    @Test
    void shows_both_ends_and_what_was_refused_and_breaks_no_rule_of_its_own() throws Exception {
        String producerUrl = "http://127.0.0.1:" + Ports.anyFree();
        String consumerUrl = "http://127.0.0.1:" + Ports.anyFree();
        try (Pipeline pipeline = Pipeline.create();
                DaemonProcess producer =
                        new DaemonProcess("producer", environment(pipeline, producerUrl, consumerUrl)).awaitReady();
                DaemonProcess consumer =
                        new DaemonProcess("consumer", environment(pipeline, consumerUrl, producerUrl)).awaitReady()) {
            execute(
                    pipeline.destinationUrl(),
                    "ALTER TABLE employees ADD CONSTRAINT somewhere CHECK (city <> 'Nowhere')");
            execute(pipeline.sourceUrl(), "INSERT INTO employees (city) VALUES ('Oslo'), ('Nowhere')");
            pipeline.awaitDeadLetters(1);
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> consumer.get("/health/ready").body().contains("1 dead letter is open"));

            for (String url : List.of(producerUrl, consumerUrl)) {
                String page = browser.opened(url);
                assertThat(page)
                        .contains("<span id=\"stream\">employees</span>")
                        .contains("<span class=\"pill good\" id=\"producer\">ready</span>")
                        .contains("<span class=\"pill good\" id=\"consumer\">ready</span>")
                        .contains("<span class=\"pill warn\" id=\"overall\" role=\"status\">1 dead letter open</span>")
                        .contains("<small id=\"refused\">1 dead letter open</small>")
                        .contains("<strong>warning</strong>: 1 dead letter is open")
                        .contains("aria-pressed=\"false\"", ">Freeze this page</button>")
                        .contains("<th scope=\"row\">destination</th><td>1</td>")
                        .contains("record rejected: reason=DESTINATION (SQLSTATE 23514 somewhere)")
                        .containsPattern(
                                "<svg id=\"rates\" [^>]*aria-label=\"Changes a second, the last two minutes\\. published: ")
                        .containsPattern("<path class=\"first\" d=\"M[^\"]+\"");
            }

            execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET paused_at = now(), paused_by = 'somebody'");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> producer.get("/health/ready").body().contains("paused by somebody since"));
            execute(pipeline.sourceUrl(), "INSERT INTO employees (city) VALUES ('Rome'), ('Bonn')");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> producer.get("/status.json").body().contains("\"lag.changes\":2.0"));
            assertThat(browser.opened(consumerUrl))
                    .contains("id=\"overall\" role=\"status\">paused</span>")
                    .contains("<span class=\"pill bad\" id=\"producer\">paused</span>")
                    .contains("<strong>producer</strong>: paused by somebody since")
                    .contains("<b id=\"waiting\">2</b>")
                    .containsPattern("<b id=\"behind\">[0-9.]+ (s|ms|min)</b>");
            execute(pipeline.sourceUrl(), "UPDATE cdc_offset SET paused_at = NULL, paused_by = NULL");
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> producer.get("/health/ready").body().contains("\"active\""));

            consumer.kill();
            assertThat(browser.opened(producerUrl))
                    .contains("<span class=\"pill good\" id=\"producer\">ready</span>")
                    .contains("<span class=\"pill bad\" id=\"consumer\">does not answer</span>")
                    .contains("id=\"overall\" role=\"status\">waiting</span>")
                    .contains("<b id=\"behind\">–</b>");
            assertThat(producer.isAlive()).isTrue();
        }
    }

    private static Map<String, String> environment(Pipeline pipeline, String own, String peer) {
        Map<String, String> environment = new HashMap<>(pipeline.environment());
        environment.put("HTTP_PORT", own.substring(own.lastIndexOf(':') + 1));
        environment.put("STATUS_PEER", peer);
        return environment;
    }
}
