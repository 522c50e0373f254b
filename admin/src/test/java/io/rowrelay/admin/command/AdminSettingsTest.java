package io.rowrelay.admin.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.stream.settings.RowrelayNames;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminSettingsTest {
    @Test
    void needs_no_configuration_for_the_shipped_stream() {
        AdminSettings settings = AdminSettings.from(Settings.read(SettingsSource.of(Map.of()), AdminSettings.TABLE));

        assertThat(settings.source().url()).isEqualTo("jdbc:postgresql://localhost:5432/source");
        assertThat(settings.destination().url()).isEqualTo("jdbc:postgresql://localhost:5433/destination");
        assertThat(settings.sourceTable()).isEqualTo(settings.destinationTable());
    }

    @Test
    void lets_the_names_of_both_daemons_pass_and_reports_every_mistake_at_once() {
        Map<String, String> environment = Map.of(
                "RETENTION", "1h",
                "TOMBSTONE_RETENTION", "1h",
                "KAFKA_GROUP_ID", "g",
                "SOURCE_DB_URL", "x",
                "DESTINATION_DB_URL", "y");

        assertThatThrownBy(() -> Settings.read(SettingsSource.of(environment), AdminSettings.TABLE))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("2 mistakes")
                .hasMessageContaining("SOURCE_DB_URL=x")
                .hasMessageContaining("DESTINATION_DB_URL=y");
    }

    @Test
    void lists_its_names_among_those_that_the_daemons_know() {
        assertThat(AdminSettings.TABLE.settings())
                .extracting(Setting::name)
                .allMatch(RowrelayNames.ALL.names()::contains);
    }
}
