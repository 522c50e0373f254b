package io.rowrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamSettingsTest {

    private static final SettingsTable TABLE = new SettingsTable(StreamSettings.ALL, List.of(), StreamSettings.RULES);

    @Test
    void asks_for_topics_of_its_own_where_the_stream_is_another() {
        assertThatThrownBy(() -> read(Map.of("STREAM", "orders")))
                .hasMessageContaining("2 mistakes")
                .hasMessageContaining("TOPIC=bf_employee_cdc (default)")
                .hasMessageContaining("DLQ_TOPIC=bf_employee_cdc_dlq (default)");
    }

    @Test
    void takes_another_stream_with_topics_of_its_own() {
        StreamSettings stream = read(Map.of("STREAM", "orders", "TOPIC", "orders_cdc", "DLQ_TOPIC", "orders_dlq"));

        assertThat(stream).isEqualTo(new StreamSettings("orders", "orders_cdc", "orders_dlq", 6, (short) -1));
    }

    @Test
    void refuses_one_topic_for_changes_and_dead_letters() {
        assertThatThrownBy(() -> read(Map.of("TOPIC", "same", "DLQ_TOPIC", "same")))
                .hasMessageContaining("DLQ_TOPIC=same")
                .hasMessageContaining("is the same as TOPIC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-2", "101", "x"})
    void refuses_an_impossible_replication_factor(String factor) {
        assertThatThrownBy(() -> read(Map.of("TOPIC_REPLICATION_FACTOR", factor)))
                .hasMessageContaining("TOPIC_REPLICATION_FACTOR=" + factor);
    }

    private static StreamSettings read(Map<String, String> environment) {
        return StreamSettings.from(Settings.read(SettingsSource.of(environment), TABLE));
    }
}
