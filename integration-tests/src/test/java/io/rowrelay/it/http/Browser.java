package io.rowrelay.it.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real browser without a screen. */
final class Browser {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final int LONGEST_SECONDS = 90;

    private final String program;
    private final Path directory;

    private Browser(String program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /** Skips the test where none is installed; the directory is for what the browser leaves behind. */
    static Browser assumeInstalled(Path directory) {
        Optional<String> program = find();
        assumeTrue(program.isPresent(), "no browser on the PATH: install one of " + NAMES + " to run this");
        return new Browser(program.orElseThrow(), directory);
    }

    /** The same, with nothing chosen on the page. */
    String opened(String url) throws IOException, InterruptedException {
        return opened(url, "");
    }

    /** The page after some seconds of the browser's own time; what the browser has to complain of is a failure. */
    String opened(String url, String fragment) throws IOException, InterruptedException {
        Path out = directory.resolve("page.html");
        Path err = directory.resolve("browser.log");
        Process process = new ProcessBuilder(
                        program,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--enable-logging=stderr",
                        "--virtual-time-budget=8000",
                        "--dump-dom",
                        url + "/" + fragment)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(err)).doesNotContain("Content Security Policy", "Uncaught");
        return Files.readString(out);
    }

    private static Optional<String> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name ->
                        Arrays.stream(path.split(File.pathSeparator, -1)).map(part -> Path.of(part, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
