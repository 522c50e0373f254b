package io.rowrelay.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.consumer.ConsumerMain;
import io.rowrelay.producer.ProducerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/reference/configuration.md} to the code; with {@code -Dupdate.docs=true} it writes the file instead. */
final class ConfigurationDocumentTest {

    private static final String COMMAND =
            "mvn -pl integration-tests -am test -Dtest=ConfigurationDocumentTest -Dupdate.docs=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void docs_configuration_tells_what_the_code_does() throws IOException {
        String expected =
                ConfigurationDocument.markdown(List.of(ProducerMain.DESCRIPTION, ConsumerMain.DESCRIPTION), COMMAND);
        Path document = projectDirectory().resolve("docs/reference/configuration.md");
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
