package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

    private static final Setting<Integer> PORT = new Setting<>("HTTP_PORT", "A port.", "8081", ValueTypes.port());
    private static final Setting<String> PASSWORD =
            new Setting<>("SOURCE_DB_PASSWORD", "A secret.", "cdc", ValueTypes.secretText());
    private static final Setting<String> TABLE_NAME =
            new Setting<>("SOURCE_TABLE", "A table.", "${STREAM}", ValueTypes.text());
    private static final Setting<String> STREAM = new Setting<>("STREAM", "A stream.", "employees", ValueTypes.text());
    private static final SettingsTable TABLE = new SettingsTable(
            List.of(PORT, PASSWORD, STREAM, TABLE_NAME),
            List.of(),
            List.of(),
            new ProductNames(Set.of("DESTINATION_DB_URL", "RECORD_SCHEMA"), List.of("SOURCE_DB_")));

    @TempDir
    private Path directory;

    @Test
    void takes_defaults_where_nothing_is_given() {
        Settings settings = read(Map.of());

        assertThat(settings.get(PORT)).isEqualTo(8081);
        assertThat(settings.effective()).contains("HTTP_PORT=8081 (from default)");
    }

    @Test
    void takes_the_file_before_defaults_and_the_environment_before_the_file() throws IOException {
        Path file = file("HTTP_PORT=9000\nSTREAM = orders\n");

        Settings settings = Settings.read(SettingsSource.of(Map.of("HTTP_PORT", "9001"), file), TABLE);

        assertThat(settings.get(PORT)).isEqualTo(9001);
        assertThat(settings.get(STREAM)).isEqualTo("orders");
        assertThat(settings.effective())
                .contains("HTTP_PORT=9001 (from environment)", "STREAM=orders (from file " + file + ")");
    }

    @Test
    void fills_another_setting_into_a_default() {
        assertThat(read(Map.of("STREAM", "a$1\\b")).get(TABLE_NAME)).isEqualTo("a$1\\b");
    }

    @Test
    void never_shows_a_secret() {
        Settings settings = read(Map.of("SOURCE_DB_PASSWORD", "hunter2"));

        assertThat(settings.get(PASSWORD)).isEqualTo("hunter2");
        assertThat(settings.effective()).contains("SOURCE_DB_PASSWORD=*** (from environment)");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"hunter2", "hunter2\\n", "hunter2\\r\\n"},
            delimiter = '|')
    void reads_a_secret_from_a_file_without_the_last_line_break(String text) throws IOException {
        Path secret = file(text.replace("\\n", "\n").replace("\\r", "\r"));

        Settings settings = read(Map.of("SOURCE_DB_PASSWORD_FILE", secret.toString()));

        assertThat(settings.get(PASSWORD)).isEqualTo("hunter2");
        assertThat(settings.effective())
                .contains("SOURCE_DB_PASSWORD=*** (from environment, file named by SOURCE_DB_PASSWORD_FILE)");
    }

    @Test
    void takes_a_secret_of_the_environment_before_a_file_of_the_file() throws IOException {
        Path file = file("SOURCE_DB_PASSWORD_FILE=/nowhere\n");

        Settings settings = Settings.read(SettingsSource.of(Map.of("SOURCE_DB_PASSWORD", "hunter2"), file), TABLE);

        assertThat(settings.get(PASSWORD)).isEqualTo("hunter2");
    }

    @Test
    void refuses_a_secret_given_twice_in_one_place() {
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD", "hunter2", "SOURCE_DB_PASSWORD_FILE", "/x")))
                .containsExactly("SOURCE_DB_PASSWORD=*** (environment)\n"
                        + "      SOURCE_DB_PASSWORD_FILE is given as well; keep one of the two");
    }

    @Test
    void refuses_a_secret_file_that_is_missing_empty_or_no_file() throws IOException {
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD_FILE", "/nowhere/at/all")))
                .singleElement()
                .asString()
                .contains("SOURCE_DB_PASSWORD_FILE=/nowhere/at/all (environment)", "no such file");
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD_FILE", file("\n").toString())))
                .singleElement()
                .asString()
                .contains("the file is empty");
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD_FILE", directory.toString())))
                .singleElement()
                .asString()
                .contains("is a directory");
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD_FILE", "a\u0000b")))
                .singleElement()
                .asString()
                .contains("SOURCE_DB_PASSWORD_FILE=a\\u0000b", "is not a path");
        assertThat(mistakes(Map.of("SOURCE_DB_PASSWORD_FILE", "/dev/zero")))
                .singleElement()
                .asString()
                .contains("larger than 1 MiB");
    }

    @Test
    void reports_an_unknown_key_of_the_file_and_what_may_be_meant() throws IOException {
        Path file = file("http.prot=1\nNONSENSE=2\n");

        assertThatThrownBy(() -> Settings.read(SettingsSource.of(Map.of(), file), TABLE))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("http.prot (file " + file + ")")
                .hasMessageContaining("did you mean HTTP_PORT?")
                .hasMessageContaining("NONSENSE (file " + file + ")")
                .hasMessageContaining("--help-settings lists all");
    }

    @Test
    void takes_a_key_of_the_other_daemon_as_one_file_may_serve_both() throws IOException {
        Path file = file("DESTINATION_DB_URL=anything\n");

        assertThat(Settings.read(SettingsSource.of(Map.of("RECORD_SCHEMA", "none"), file), TABLE)
                        .get(PORT))
                .isEqualTo(8081);
    }

    @Test
    void reports_a_file_that_is_not_there_beside_the_other_mistakes() {
        SettingsSource source = SettingsSource.of(Map.of("HTTP_PORT", "x"), directory.resolve("gone"));

        assertThatThrownBy(() -> Settings.read(source, TABLE))
                .hasMessageContaining("2 mistakes")
                .hasMessageContaining("--config=" + directory.resolve("gone"))
                .hasMessageContaining("HTTP_PORT=x");
    }

    @Test
    void reports_a_file_that_is_no_properties_file() throws IOException {
        Path malformed = file("HTTP_PORT=\\u00zz\n");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> Settings.read(SettingsSource.of(Map.of(), malformed), TABLE))
                .hasMessageContaining("malformed");
        assertThatThrownBy(() -> Settings.read(SettingsSource.of(Map.of(), binary), TABLE))
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void reports_a_key_that_the_file_gives_twice() throws IOException {
        Path file = file("HTTP_PORT=1\nHTTP_PORT=2\n");

        assertThatThrownBy(() -> Settings.read(SettingsSource.of(Map.of(), file), TABLE))
                .hasMessageContaining("HTTP_PORT (file " + file + ")")
                .hasMessageContaining("more than once");
    }

    @Test
    void says_that_a_value_is_empty() {
        assertThat(mistakes(Map.of("HTTP_PORT", "")))
                .singleElement()
                .asString()
                .contains("HTTP_PORT (environment)", "is empty; allowed: a port");
    }

    @Test
    void keeps_what_a_stranger_wrote_on_one_line() {
        assertThat(mistakes(Map.of("HTTP_PORT", "1\n\u001b[31mred\u202e" + "x".repeat(500))))
                .singleElement()
                .asString()
                .contains("HTTP_PORT=1\\u000a\\u001b[31mred\\u202exxx")
                .hasSizeLessThan(500);
    }

    private static Settings read(Map<String, String> environment) {
        return Settings.read(SettingsSource.of(environment), TABLE);
    }

    private static List<String> mistakes(Map<String, String> environment) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> read(environment)).mistakes().stream()
                .map(Mistake::text)
                .toList();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "settings", ".properties"), text);
    }
}
