package io.rowrelay.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.http.HttpSettings;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.stream.settings.RowrelayNames;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConsumerSettingsTest {

    @Test
    void needs_no_configuration_for_the_shipped_stream() {
        ConsumerSettings settings = ConsumerSettings.read(SettingsSource.of(Map.of()));

        assertThat(settings.destination().url()).isEqualTo("jdbc:postgresql://localhost:5433/destination");
        assertThat(settings.http().port()).isEqualTo(8082);
        assertThat(settings.stream().tables())
                .containsExactly(new TopicTable(
                        settings.stream().name(), settings.topics().topic()));
        assertThat(settings.kafka().consumer()).containsEntry("auto.offset.reset", "none");
    }

    @Test
    void holds_only_the_records_of_the_shipped_stream_against_its_schema() {
        assertThat(ConsumerSettings.read(SettingsSource.of(Map.of())).apply().recordSchema())
                .isInstanceOf(SchemaSetting.Shipped.class);
        assertThat(ConsumerSettings.read(SettingsSource.of(Map.of("STREAM", "orders")))
                        .apply()
                        .recordSchema())
                .isInstanceOf(SchemaSetting.None.class);
    }

    @Test
    void shares_one_environment_with_the_other_daemon() {
        Map<String, String> environment = Map.of(
                "HTTP_PORT", "9000",
                "CONSUMER_HTTP_PORT", "9001",
                "PRODUCER_HTTP_PORT", "9002",
                "PRODUCER_STATUS_PEER", "http://localhost:9001",
                "CONSUMER_STATUS_PEER", "http://localhost:9002");

        HttpSettings http =
                ConsumerSettings.read(SettingsSource.of(environment)).http();

        assertThat(http.port()).isEqualTo(9001);
        assertThat(http.peer()).contains(URI.create("http://localhost:9002"));
        assertThat(ConsumerSettings.read(SettingsSource.of(Map.of("HTTP_PORT", "9000", "PRODUCER_HTTP_PORT", "9002")))
                        .http()
                        .port())
                .isEqualTo(9000);
    }

    @Test
    void reports_every_mistake_at_once() {
        Map<String, String> environment = Map.of(
                "DESTINATION_DB_URL", "jdbc:mysql://localhost/source",
                "DESTINATION_DB_PASWORD", "secret",
                "TOMBSTONE_RETENTION", "-5ms",
                "DESTINATION_DB_PASSWORD_FILE", "/nowhere/password",
                "KAFKA_LINGER_MS", "soon");

        assertThatThrownBy(() -> ConsumerSettings.read(SettingsSource.of(environment)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("5 mistakes")
                .hasMessageContaining("DESTINATION_DB_URL=jdbc:mysql://localhost/source (environment)")
                .hasMessageContaining("did you mean DESTINATION_DB_PASSWORD?")
                .hasMessageContaining("TOMBSTONE_RETENTION=-5ms")
                .hasMessageContaining("no such file")
                .hasMessageContaining("KAFKA_LINGER_MS=soon")
                .hasMessageNotContaining("secret");
    }

    @Test
    void lists_its_names_among_those_that_both_daemons_know() {
        assertThat(ConsumerSettings.TABLE.settings())
                .extracting(Setting::name)
                .allMatch(RowrelayNames.ALL.names()::contains);
    }
}
