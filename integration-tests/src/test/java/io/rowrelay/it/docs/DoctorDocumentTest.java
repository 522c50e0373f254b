package io.rowrelay.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.doctor.DoctorReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the lists of {@code docs/reference/doctor.md} to the code; with {@code -Dupdate.docs=true} it writes them instead. */
final class DoctorDocumentTest {
    private static final String COMMAND =
            "mvn -pl integration-tests -am test -Dtest=DoctorDocumentTest -Dupdate.docs=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void the_problems_are_those_of_the_code() throws IOException {
        Path document = projectDirectory().resolve("docs/reference/doctor.md");
        String text = Files.readString(document);
        int begin = text.indexOf("\n## ") + 1;
        assertThat(begin).as("the first section").isPositive();
        String expected = text.substring(0, begin) + DoctorReference.sections();
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
