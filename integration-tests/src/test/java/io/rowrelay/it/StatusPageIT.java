package io.rowrelay.it;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.stack.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status page as a real browser shows it. Skipped where none is installed. */
@Timeout(240)
class StatusPageIT {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final int BROWSER_SECONDS = 90;

    @TempDir
    private Path directory;

    @BeforeEach
    void needsABrowser() {
        assumeTrue(browser().isPresent(), "no browser on the PATH: install one of " + NAMES + " to run this");
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

            for (String url : List.of(producerUrl, consumerUrl)) {
                String page = opened(url);
                assertThat(page)
                        .contains("<span id=\"stream\">employees</span>")
                        .contains("<span class=\"pill good\" id=\"producer\">ready</span>")
                        .contains("<span class=\"pill good\" id=\"consumer\">ready</span>")
                        .contains("id=\"overall\" role=\"status\">working</span>")
                        .contains("<small id=\"refused\">1 dead letter</small>")
                        .contains("<th scope=\"row\">destination</th><td>1</td>")
                        .contains("record refused: reason=DESTINATION (SQLSTATE 23514 somewhere)")
                        .containsPattern(
                                "<svg id=\"rates\" [^>]*aria-label=\"Changes a second, the last two minutes\\. published: ")
                        .containsPattern("<path class=\"first\" d=\"M[^\"]+\"");
            }

            consumer.kill();
            assertThat(opened(producerUrl))
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

    /** The page after some seconds of the browser's own time; what the browser has to complain of is a failure. */
    private String opened(String url) throws IOException, InterruptedException {
        Path out = directory.resolve("page.html");
        Path err = directory.resolve("browser.log");
        Process process = new ProcessBuilder(
                        browser().orElseThrow(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--enable-logging=stderr",
                        "--virtual-time-budget=8000",
                        "--dump-dom",
                        url + "/")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(BROWSER_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).doesNotContain("Content Security Policy", "Uncaught");
        return Files.readString(out);
    }

    private static Optional<String> browser() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name ->
                        Arrays.stream(path.split(File.pathSeparator, -1)).map(part -> Path.of(part, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
