package io.rowrelay.it.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rowrelay.sandbox.process.JavaCommand;
import io.rowrelay.sandbox.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that the README begins with, run as a user runs it: from the jar, with the daemons' jars. */
@Timeout(300)
class SandboxJarIT {
    private static final Pattern DIRECTORY = Pattern.compile("Starting PostgreSQL and Kafka in (\\S+)");

    private static final Pattern SOURCE = Pattern.compile("PostgreSQL, the source +(\\S+)");

    private final List<Process> started = new ArrayList<>();
    private Path output;

    @AfterEach
    void tearDown() {
        started.forEach(Process::destroy);
    }

    @BeforeEach
    void setUp(@TempDir Path directory) {
        output = directory.resolve("output");
    }

    @Test
    void shows_that_source_and_destination_are_equal_and_leaves_nothing_behind() throws Exception {
        Process sandbox = start("--exit", "--rows", "1000");

        assertThat(sandbox.waitFor()).as(() -> text()).isZero();

        assertThat(text())
                .contains("verify: ", "equal row by row                        yes", "status --config")
                .doesNotContain("NOT OK");
        assertThat(text())
                .contains("The producer has stopped with exit code 0", "The consumer has stopped with exit code 0");
        assertThat(directory()).doesNotExist();
    }

    @Tag("nightly")
    @Test
    void stops_everything_in_the_middle_of_a_scenario_when_asked_to() throws Exception {
        Process sandbox = start("--rows", "1000");
        await().atMost(120, SECONDS).until(() -> text().contains("rows inserted in one statement"));

        assertThatThrownBy(() ->
                        DriverManager.getConnection("jdbc:postgresql://" + found(SOURCE) + "/source", "cdc", "cdc"))
                .as("a superuser's password that everybody knows")
                .hasMessageContaining("password authentication failed");
        for (String secret : List.of("source/password", "destination/password", "rowrelay.properties")) {
            assertThat(Files.getPosixFilePermissions(directory().resolve(secret)))
                    .as(secret)
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }
        sandbox.destroy();

        assertThat(sandbox.waitFor()).as(() -> text()).isEqualTo(128 + 15);
        assertThat(text())
                .contains("The producer has stopped with exit code 0", "The consumer has stopped with exit code 0");
        assertThat(directory()).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(command -> command.contains(directory().toString())))
                .isEmpty();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-jar"));
        command.add(Project.find().jar("sandbox").toString());
        command.addAll(List.of(arguments));
        Process sandbox = JavaCommand.of(Map.of(), command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(sandbox);
        return sandbox;
    }

    private String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output)";
        }
    }

    private Path directory() {
        return Path.of(found(DIRECTORY));
    }

    private String found(Pattern pattern) {
        Matcher matcher = pattern.matcher(text());
        assertThat(matcher.find()).as(() -> text()).isTrue();
        return matcher.group(1);
    }
}
