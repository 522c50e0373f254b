package io.rowrelay.stream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.ValueTypes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RowrelayNamesTest {

    private static final Setting<Integer> PORT = new Setting<>("HTTP_PORT", "A port.", "8081", ValueTypes.port());
    private static final Setting<String> PASSWORD =
            new Setting<>("SOURCE_DB_PASSWORD", "A secret.", "cdc", ValueTypes.secretText());
    private static final SettingsTable TABLE = new SettingsTable(
            List.of(PORT, PASSWORD, StreamSettings.STREAM, TableSettings.SOURCE_TABLE),
            List.of(),
            List.of(),
            RowrelayNames.ALL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SOURCE_DB_PASWORD",
                "SOURCE_DB_PORT",
                "DESTINATION_DB_NAME",
                "HTTP_PROT",
                "HTTPPORT",
                "http_port",
                "SOURCE_TABEL",
                "DESTINATION_DB_PASSWORD_FIL",
                "TOPIC_PARTITION",
                "STREAMS"
            })
    void reports_a_variable_that_was_meant_for_us(String name) {
        assertThat(mistakes(Map.of(name, "1")))
                .singleElement()
                .asString()
                .contains(name + " (environment)", "no such setting");
    }

    @ParameterizedTest
    @CsvSource({
        "PATH, /bin",
        "HTTP_PROXY, x",
        "HOME, /",
        "LANG, C",
        "TERM, xterm",
        "SOURCE_DB_SERVICE_HOST, 10.0.0.1",
        "SOURCE_DB_SERVICE_PORT, 5432",
        "SOURCE_DB_PORT, tcp://10.0.0.1:5432",
        "LOGNAME, root",
        "HOSTNAME, x",
        "SOURCE_DB_PORT_5432_TCP_ADDR, 10.0.0.1",
        "DESTINATION_DB_SERVICE_PORT_POSTGRES, 5432",
        "TOPIC_ARN, x",
        "JAVA_TOOL_OPTIONS, -Dx",
        "SHLVL, 1",
        "_, x",
        "HTTPD_CONF, x",
        "PAGER, less",
        "SOURCES, x",
        "DB_URL, x"
    })
    void lets_variables_of_others_pass(String name, String value) {
        assertThat(read(Map.of(name, value)).get(PORT)).isEqualTo(8081);
    }

    private static Settings read(Map<String, String> environment) {
        return Settings.read(SettingsSource.of(environment), TABLE);
    }

    private static List<String> mistakes(Map<String, String> environment) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> read(environment)).mistakes().stream()
                .map(Mistake::text)
                .toList();
    }
}
