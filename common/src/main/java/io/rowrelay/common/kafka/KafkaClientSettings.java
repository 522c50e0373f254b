package io.rowrelay.common.kafka;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.SettingsRule;
import io.rowrelay.common.settings.ValueTypes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The properties to open Kafka clients with: those of the user, and those that the guarantees rest on. The maps may hold
 * secrets, so this is never shown.
 *
 * @param producer for a producer of bytes
 * @param consumer for a consumer of bytes, without {@code group.id}
 * @param admin for an admin client
 */
public record KafkaClientSettings(
        Map<String, Object> producer, Map<String, Object> consumer, Map<String, Object> admin) {

    public static final Setting<String> BOOTSTRAP_SERVERS = new Setting<>(
            "KAFKA_BOOTSTRAP_SERVERS",
            "Kafka brokers to ask for the others.",
            "localhost:9092",
            ValueTypes.hostsAndPorts());

    /** All {@code KAFKA_<CLIENT_PROPERTY>}. */
    public static final SettingsFamily PROPERTIES = new KafkaProperties();

    /** The clients themselves must take the properties together. */
    public static final SettingsRule TAKEN_BY_THE_CLIENTS = new ClientCheck();

    public KafkaClientSettings {
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    public static KafkaClientSettings from(Settings settings) {
        return of(settings.get(BOOTSTRAP_SERVERS), settings.given(PROPERTIES));
    }

    /**
     * The properties made of the settings given.
     *
     * @param servers the brokers
     * @param settings values by the settings' names
     */
    static KafkaClientSettings of(String servers, Map<String, String> settings) {
        Map<String, String> given = new LinkedHashMap<>();
        settings.forEach((name, value) -> given.put(KafkaProperties.property(name), value));
        given.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return new KafkaClientSettings(
                merged(given, ProducerConfig.configNames(), ReservedProperties.producer()),
                merged(given, ConsumerConfig.configNames(), ReservedProperties.consumer()),
                merged(given, AdminClientConfig.configNames(), Map.of()));
    }

    private static Map<String, Object> merged(
            Map<String, String> given, Set<String> known, Map<String, Object> reserved) {
        Map<String, Object> properties = new LinkedHashMap<>(given);
        properties.keySet().retainAll(known);
        properties.putAll(reserved);
        return properties;
    }

    /** The brokers that are asked first. */
    public String servers() {
        return String.valueOf(admin.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    @Override
    public String toString() {
        return "KafkaClientSettings[producer=%s, consumer=%s, admin=%s]"
                .formatted(names(producer), names(consumer), names(admin));
    }

    private static Set<String> names(Map<String, Object> properties) {
        return new TreeSet<>(properties.keySet());
    }
}
