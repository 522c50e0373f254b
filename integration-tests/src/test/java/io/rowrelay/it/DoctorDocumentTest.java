package io.rowrelay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.doctor.DoctorReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the table of {@code docs/reference/doctor.md} to the code; with {@code -Dupdate.docs=true} it writes it instead. */
final class DoctorDocumentTest {
    private static final String HEAD = "| id | about | | what it means |\n|-|-|-|-|\n";
    private static final String COMMAND =
            "mvn -pl integration-tests -am test -Dtest=DoctorDocumentTest -Dupdate.docs=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void the_table_of_problems_is_that_of_the_code() throws IOException {
        Path document = projectDirectory().resolve("docs/reference/doctor.md");
        String text = Files.readString(document);
        int begin = text.indexOf(HEAD);
        assertThat(begin).as("the head of the table").isPositive();
        int end = text.indexOf("\n\n", begin);
        String expected = text.substring(0, begin) + HEAD + DoctorReference.rows() + text.substring(end);
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(document, expected);
        }

        assertThat(document).as("write it anew with: %s", COMMAND).content().isEqualTo(expected);
    }

    private static Path projectDirectory() {
        // Surefire says where the module is; an editor runs tests from the project.
        String module = System.getProperty("basedir", "integration-tests");
        return Path.of(module).toAbsolutePath().resolveSibling("").normalize();
    }
}
