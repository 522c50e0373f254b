package io.rowrelay.common.kafka;

import io.rowrelay.common.settings.Loopback;
import io.rowrelay.common.settings.Secret;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.SettingsRule;
import io.rowrelay.common.settings.ValueTypes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The properties to open Kafka clients with: those of the user, and those that the guarantees rest on. The maps may hold
 * secrets, so this is never shown; a secret that is in a file is read again each time that a map is asked for, so ask when a
 * client is opened.
 *
 * @param producer for a producer of bytes
 * @param consumer for a consumer of bytes, without {@code group.id}
 * @param admin for an admin client
 */
public record KafkaClientSettings(
        Map<String, Object> producer, Map<String, Object> consumer, Map<String, Object> admin) {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaClientSettings.class);

    public static final Setting<String> BOOTSTRAP_SERVERS = new Setting<>(
            "KAFKA_BOOTSTRAP_SERVERS",
            "Kafka brokers to connect to first.",
            "localhost:9092",
            ValueTypes.hostsAndPorts());

    /** All {@code KAFKA_<CLIENT_PROPERTY>}. */
    public static final SettingsFamily PROPERTIES = new KafkaProperties();

    /** The clients themselves must take the properties together. */
    public static final SettingsRule TAKEN_BY_THE_CLIENTS = new ClientCheck();

    /** Kafka's own default. */
    private static final int DEFAULT_LARGEST_REQUEST_BYTES = 1_048_576;

    public KafkaClientSettings {
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
    }

    public static KafkaClientSettings from(Settings settings) {
        return of(settings.get(BOOTSTRAP_SERVERS), settings.given(PROPERTIES), settings.secretFiles(PROPERTIES));
    }

    @Override
    public Map<String, Object> producer() {
        return asOfNow(producer);
    }

    @Override
    public Map<String, Object> consumer() {
        return asOfNow(consumer);
    }

    @Override
    public Map<String, Object> admin() {
        return asOfNow(admin);
    }

    /** The largest record that a producer with these settings sends, in bytes. */
    public int largestRecordBytes() {
        Object configured = producer.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        return configured == null ? DEFAULT_LARGEST_REQUEST_BYTES : Integer.parseInt(configured.toString());
    }

    private static Map<String, Object> asOfNow(Map<String, Object> properties) {
        Map<String, Object> current = new LinkedHashMap<>(properties);
        current.replaceAll((name, value) -> value instanceof Secret secret ? secret.now() : value);
        return Map.copyOf(current);
    }

    /**
     * The properties made of the settings given.
     *
     * @param servers the brokers
     * @param settings values by the settings' names
     */
    static KafkaClientSettings of(String servers, Map<String, String> settings) {
        return of(servers, settings, Map.of());
    }

    private static KafkaClientSettings of(
            String servers, Map<String, String> settings, Map<String, Secret> secretFiles) {
        Map<String, Object> given = new LinkedHashMap<>();
        settings.forEach((name, value) -> given.put(KafkaProperties.property(name), value));
        secretFiles.forEach((name, secret) -> given.put(KafkaProperties.property(name), secret));
        given.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return new KafkaClientSettings(
                merged(given, ProducerConfig.configNames(), ReservedProperties.producer()),
                merged(given, ConsumerConfig.configNames(), ReservedProperties.consumer()),
                merged(given, AdminClientConfig.configNames(), Map.of()));
    }

    private static Map<String, Object> merged(
            Map<String, Object> given, Set<String> known, Map<String, Object> reserved) {
        Map<String, Object> properties = new LinkedHashMap<>(given);
        properties.keySet().retainAll(known);
        properties.putIfAbsent(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, CurrentSslEngines.class.getName());
        properties.putAll(reserved);
        return properties;
    }

    /** A number for the secrets as their files hold them now; another one when one of them has changed. */
    int secretsNow() {
        return producer.values().stream()
                        .filter(Secret.class::isInstance)
                        .map(value -> ((Secret) value).now())
                        .toList()
                        .hashCode()
                + admin.values().stream()
                        .filter(Secret.class::isInstance)
                        .map(value -> ((Secret) value).now())
                        .toList()
                        .hashCode();
    }

    /** Warns where anybody on the network can read what is sent, the login among it. */
    public void warnOfOpenPasswords() {
        Object protocol = admin.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        boolean local =
                Arrays.stream(servers().split(",", -1)).map(String::strip).allMatch(Loopback::isAt);
        if (SecurityProtocol.SASL_PLAINTEXT.name().equalsIgnoreCase(String.valueOf(protocol)) && !local) {
            LOG.warn(
                    "the login for Kafka and all records cross the network in the clear: set KAFKA_SECURITY_PROTOCOL=SASL_SSL, see"
                            + " docs/operate/security.md servers={}",
                    servers());
        }
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
