package io.rowrelay.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.http.HttpSettings;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.stream.settings.RowrelayNames;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProducerSettingsTest {

    @Test
    void needs_no_configuration_for_the_shipped_stream() {
        ProducerSettings settings = ProducerSettings.read(SettingsSource.of(Map.of()));

        assertThat(settings.source().url()).isEqualTo("jdbc:postgresql://localhost:5432/source");
        assertThat(settings.http().port()).isEqualTo(8081);
        assertThat(settings.stream().tables().get(0).sourceTable())
                .isEqualTo(settings.stream().name());
        assertThat(settings.kafka().producer()).containsEntry("acks", "all");
    }

    @Test
    void shares_one_environment_with_the_other_daemon() {
        Map<String, String> environment = Map.of(
                "HTTP_PORT", "9000",
                "PRODUCER_HTTP_PORT", "9001",
                "CONSUMER_HTTP_PORT", "9002",
                "CONSUMER_STATUS_PEER", "http://localhost:9001",
                "PRODUCER_STATUS_PEER", "http://localhost:9002");

        HttpSettings http =
                ProducerSettings.read(SettingsSource.of(environment)).http();

        assertThat(http.port()).isEqualTo(9001);
        assertThat(http.peer()).contains(URI.create("http://localhost:9002"));
        assertThat(ProducerSettings.read(SettingsSource.of(Map.of("HTTP_PORT", "9000", "CONSUMER_HTTP_PORT", "9002")))
                        .http()
                        .port())
                .isEqualTo(9000);
    }

    @Test
    void reports_every_mistake_at_once() {
        Map<String, String> environment = Map.of(
                "SOURCE_DB_URL", "jdbc:mysql://localhost/source",
                "SOURCE_DB_PASWORD", "secret",
                "POLL_IDLE_MAX", "-5ms",
                "SOURCE_DB_PASSWORD_FILE", "/nowhere/password",
                "KAFKA_LINGER_MS", "soon");

        assertThatThrownBy(() -> ProducerSettings.read(SettingsSource.of(environment)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("5 mistakes")
                .hasMessageContaining("SOURCE_DB_URL=jdbc:mysql://localhost/source (environment)")
                .hasMessageContaining("did you mean SOURCE_DB_PASSWORD?")
                .hasMessageContaining("POLL_IDLE_MAX=-5ms")
                .hasMessageContaining("no such file")
                .hasMessageContaining("KAFKA_LINGER_MS=soon")
                .hasMessageNotContaining("secret");
    }

    @Test
    void lists_its_names_among_those_that_both_daemons_know() {
        assertThat(ProducerSettings.TABLE.settings())
                .extracting(Setting::name)
                .allMatch(RowrelayNames.ALL.names()::contains);
    }
}
