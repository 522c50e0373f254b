package io.rowrelay.stream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamSettingsTest {

    private static final SettingsTable TABLE =
            new SettingsTable(StreamSettings.ALL, List.of(), StreamSettings.RULES, RowrelayNames.ALL);
    private static final SettingsTable WITH_TABLES = new SettingsTable(
            Stream.concat(
                            StreamSettings.ALL.stream(),
                            Stream.of(
                                    TableSettings.SOURCE_TABLE,
                                    TableSettings.CHANGE_TABLE,
                                    TableSettings.DESTINATION_TABLE))
                    .toList(),
            List.of(),
            StreamSettings.RULES,
            RowrelayNames.ALL);

    @Test
    void names_everything_after_the_stream() {
        Settings settings = all(Map.of("STREAM", "orders"));

        assertThat(StreamSettings.from(settings))
                .isEqualTo(new StreamSettings("orders", "orders_cdc", "orders_cdc_dlq", 6, (short) -1));
        assertThat(settings.get(TableSettings.SOURCE_TABLE)).isEqualTo("orders");
        assertThat(settings.get(TableSettings.CHANGE_TABLE)).isEqualTo("orders_cdc");
        assertThat(settings.get(TableSettings.DESTINATION_TABLE)).isEqualTo("orders");
        assertThat(settings.effective())
                .contains("TOPIC=orders_cdc (from STREAM=orders)", "DLQ_TOPIC=orders_cdc_dlq (from TOPIC=orders_cdc)");
    }

    @ParameterizedTest
    @MethodSource("shippedStream")
    void keeps_the_names_of_the_shipped_stream(Map<String, String> environment) {
        Settings settings = all(environment);

        assertThat(StreamSettings.from(settings))
                .isEqualTo(new StreamSettings(
                        "employees",
                        environment.getOrDefault("TOPIC", "bf_employee_cdc"),
                        "bf_employee_cdc_dlq",
                        6,
                        (short) -1));
        assertThat(settings.get(TableSettings.CHANGE_TABLE)).isEqualTo("emp_cdc");
    }

    static Stream<Map<String, String>> shippedStream() {
        return Stream.of(
                Map.of(),
                Map.of("STREAM", "employees"),
                Map.of("TOPIC", "elsewhere"),
                Map.of("SOURCE_TABLE", "hr.employees"));
    }

    @ParameterizedTest
    @CsvSource({
        "sales.orders, sales.orders_cdc",
        "'\"Order items\"', '\"Order items_cdc\"'",
        "'sales.\"Orders\"', 'sales.\"Orders_cdc\"'",
        "'\"', '\"_cdc'"
    })
    void names_the_change_table_after_the_table_within_its_quotes(String table, String changeTable) {
        assertThat(all(Map.of("STREAM", "orders", "SOURCE_TABLE", table)).get(TableSettings.CHANGE_TABLE))
                .isEqualTo(changeTable);
    }

    @Test
    void says_what_a_name_follows_from_when_it_is_not_allowed() {
        assertThatThrownBy(() -> all(Map.of("STREAM", "our orders")))
                .hasMessageContaining("1 mistake ")
                .hasMessageContaining("TOPIC=our orders_cdc (follows from STREAM=our orders)")
                .hasMessageContaining("allowed: a topic name")
                .hasMessageContaining("set TOPIC, or change STREAM");
        assertThatThrownBy(() -> all(Map.of("STREAM", "orders", "TOPIC", "t".repeat(247))))
                .hasMessageContaining("(follows from TOPIC=ttt")
                .hasMessageContaining("set DLQ_TOPIC, or change TOPIC");
        assertThatThrownBy(() -> all(Map.of("STREAM", "jdbc:postgresql://h/d?password=secret")))
                .hasMessageContaining("(follows from STREAM=jdbc:postgresql://h/d?password=***)")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> all(Map.of("STREAM", " "))).hasMessageContaining("1 mistake ");
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

    private static Settings all(Map<String, String> environment) {
        return Settings.read(SettingsSource.of(environment), WITH_TABLES);
    }

    private static StreamSettings read(Map<String, String> environment) {
        return StreamSettings.from(Settings.read(SettingsSource.of(environment), TABLE));
    }
}
