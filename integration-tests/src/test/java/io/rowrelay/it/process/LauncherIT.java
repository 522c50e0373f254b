package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.sandbox.process.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/rowrelay}: with the jars that the build has made, and beside jars as in an image, with a java that only says how it is called. */
@Timeout(240)
class LauncherIT {
    private static final String VERSION = "\\d+\\.\\d+\\.\\d+\\S*\\R";
    private static final Path LAUNCHER = Project.find().root().resolve("bin").resolve("rowrelay");
    private static final Map<String, String> JAVA = Map.of("JAVA_HOME", System.getProperty("java.home"));

    @TempDir
    private Path directory;

    private Path installed;
    private Map<String, String> stub;

    /** What came of it. */
    private record Run(long pid, int exitCode, String output, String errors) {}

    @BeforeEach
    void make_a_java_that_says_how_it_is_called() throws IOException {
        Path java =
                Files.createDirectories(directory.resolve("jdk").resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho $$\nprintf '%s\\n' \"$@\"\nexit 7\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        stub = Map.of("JAVA_HOME", directory.resolve("jdk").toString());
        installed = Files.createDirectories(directory.resolve("opt with spaces"));
        Files.copy(LAUNCHER, installed.resolve("rowrelay"));
    }

    @Test
    void runs_the_jars_of_the_build() throws Exception {
        assertThat(run(LAUNCHER, JAVA, "--version").output()).matches("rowrelay " + VERSION);
        assertThat(run(LAUNCHER, JAVA, "producer", "--version").output()).matches("rowrelay-producer " + VERSION);
        assertThat(run(LAUNCHER, JAVA, "--help").output())
                .startsWith("Usage: rowrelay ")
                .contains("status", "rowrelay producer --help");
        Run unknown = run(LAUNCHER, JAVA, "nonsense");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.errors()).startsWith("rowrelay: ").contains("nonsense");
    }

    @Test
    void runs_a_command_and_passes_its_exit_code() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            await().atMost(Pipeline.PATIENCE).until(pipeline.startProducer()::isReady);
            pipeline.startConsumer();
            Map<String, String> environment = new HashMap<>(pipeline.environment());
            environment.putAll(JAVA);

            assertThat(run(LAUNCHER, environment, "pause", "--by", "the night shift")
                            .exitCode())
                    .isZero();
            Run status = run(LAUNCHER, environment, "status");
            assertThat(status.exitCode()).as("%s", status).isZero();
            assertThat(status.output()).contains("by the night shift since");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void runs_a_daemon_with_its_options_in_its_own_process(String daemon) throws Exception {
        put(daemon + ".jar", "jvm.options");

        Run run = run(installed.resolve("rowrelay"), stub, daemon, "--config", "my file");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.output().lines())
                .containsExactly(
                        "" + run.pid(),
                        "@" + installed.resolve("jvm.options"),
                        "-jar",
                        installed.resolve(daemon + ".jar").toString(),
                        "--config",
                        "my file");
    }

    /** What a relative link means depends on where the directory really is. */
    @Test
    void finds_the_jars_through_a_link_in_a_directory_that_is_a_link() throws Exception {
        put("admin.jar");
        Path real = Files.createDirectories(directory.resolve("share").resolve("tools"));
        Files.createSymbolicLink(real.resolve("rowrelay"), Path.of("..", "..", "opt with spaces", "rowrelay"));
        Path bin = Files.createSymbolicLink(directory.resolve("bin"), Path.of("share", "tools"));

        assertThat(run(bin.resolve("rowrelay"), stub, "status").output()).contains("status");
    }

    @Test
    void finds_the_jars_through_links() throws Exception {
        put("admin.jar");
        Path first = Files.createSymbolicLink(directory.resolve("first"), Path.of("opt with spaces", "rowrelay"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), first);

        assertThat(run(second, stub, "dlq", "list").output().lines().skip(1))
                .containsExactly("-jar", installed.resolve("admin.jar").toString(), "dlq", "list");
    }

    @Test
    void says_the_version_of_what_is_there() throws Exception {
        put("consumer.jar");

        assertThat(run(installed.resolve("rowrelay"), stub, "--version")
                        .output()
                        .lines())
                .contains(installed.resolve("consumer.jar").toString(), "--version");
    }

    @ParameterizedTest
    @CsvSource({
        "'',           status,   there is no admin.jar beside",
        "'',           consumer, there is no consumer.jar beside",
        "producer.jar, producer, there is no jvm.options beside",
        "'',           -V,       there are no jars beside"
    })
    void says_what_is_missing(String there, String word, String missing) throws Exception {
        put(Stream.of(there).filter(name -> !name.isEmpty()).toArray(String[]::new));

        Run run = run(installed.resolve("rowrelay"), stub, word);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).startsWith("rowrelay: " + missing).hasLineCount(1);
    }

    @Test
    void says_that_there_is_no_java() throws Exception {
        Run run = run(LAUNCHER, Map.of("JAVA_HOME", "/nowhere"), "status");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("there is no /nowhere/bin/java: install Java 17 or later");
    }

    private void put(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(installed.resolve(name));
        }
    }

    private Run run(Path launcher, Map<String, String> environment, String... words) throws Exception {
        Path output = Files.createTempFile(directory, "output", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(words))
                        .toList())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "LANG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.pid(),
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }
}
