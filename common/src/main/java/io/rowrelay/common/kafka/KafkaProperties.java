package io.rowrelay.common.kafka;

import io.rowrelay.common.kafka.ReservedProperties.Reserved;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.ValueType;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings {@code KAFKA_<CLIENT_PROPERTY>}: one for each property that a Kafka client has, checked by the client's own
 * definition of it.
 */
final class KafkaProperties implements SettingsFamily {

    private static final String PREFIX = "KAFKA_";

    /** Variables of Kafka's own scripts and images; a machine with Kafka on it has them. */
    private static final Pattern FOREIGN = Pattern.compile(
            "KAFKA_(HOME|DIR|OPTS|DEBUG|HEAP_OPTS|LOG4J_OPTS"
                    + "|LOG4J_CMD_OPTS|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|JMX_.+|MODE|PORT|PORT_.+|SERVICE_.+|CLUSTER_ID|VERSION|USER)");

    private static final List<ConfigDef> CLIENTS =
            List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

    private static final ValueType<String> IN_FLIGHT = ValueType.open(
            "a whole number from 1 to 5, because with more, a retry could put the changes of a row out of order",
            text -> Optional.of(text).filter(number -> number.matches("[1-5]")));

    private static final Set<String> WITH_A_LINE_OF_THEIR_OWN =
            Set.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, CommonClientConfigs.GROUP_ID_CONFIG);

    private static final List<String> RESTRICTED = Stream.concat(
                    ReservedProperties.names().stream(),
                    Stream.of(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION))
            .toList();

    private final Map<String, Setting<String>> settings = new TreeMap<>();

    KafkaProperties() {
        for (ConfigDef client : CLIENTS) {
            client.configKeys().values().stream()
                    .filter(key -> !key.internalConfig && !WITH_A_LINE_OF_THEIR_OWN.contains(key.name))
                    .forEach(key -> settings.putIfAbsent(settingName(key.name), setting(key)));
        }
    }

    /** The client's name for the property that a setting stands for. */
    static String property(String settingName) {
        return settingName.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public String description() {
        return "Any property of the Kafka clients, in capitals and with _ for each dot: KAFKA_SASL_MECHANISM is"
                + " sasl.mechanism. Each client gets the properties that it knows. A password can be read from a file:"
                + " KAFKA_SSL_KEYSTORE_PASSWORD_FILE. The properties below are restricted, because the guarantees"
                + " depend on them.";
    }

    @Override
    public Map<String, String> restrictions() {
        return RESTRICTED.stream()
                .map(property -> settings.get(settingName(property)))
                .collect(Collectors.toMap(
                        Setting::name, setting -> setting.type().allowed(), (a, b) -> a, TreeMap::new));
    }

    @Override
    public Collection<String> names() {
        return Collections.unmodifiableSet(settings.keySet());
    }

    @Override
    public Optional<Setting<String>> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    @Override
    public boolean isForeign(String name) {
        return FOREIGN.matcher(name).matches();
    }

    private static String settingName(String property) {
        return PREFIX + property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static Setting<String> setting(ConfigKey key) {
        return new Setting<>(settingName(key.name), "Kafka clients' " + key.name + ".", "", type(key));
    }

    private static ValueType<String> type(ConfigKey key) {
        Optional<Reserved> reserved = ReservedProperties.find(key.name);
        if (reserved.isPresent()) {
            return reservedType(reserved.get());
        }
        if (key.name.equals(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION)) {
            return IN_FLIGHT;
        }
        return key.type == ConfigDef.Type.PASSWORD
                ? ValueType.secret("a secret", text -> Optional.of(text).filter(value -> isAllowed(key, value)))
                : ValueType.open(allowed(key), text -> Optional.of(text).filter(value -> isAllowed(key, value)));
    }

    private static ValueType<String> reservedType(Reserved reserved) {
        String only = reserved.value().isEmpty() ? "no value" : "only " + reserved.value();
        return ValueType.open(
                only + ", because " + reserved.reason(),
                text -> Optional.of(text)
                        .filter(value -> !value.isEmpty() && value.equalsIgnoreCase(reserved.value())));
    }

    private static boolean isAllowed(ConfigKey key, String text) {
        try {
            Object value = ConfigDef.parseType(key.name, text, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
            return true;
        } catch (ConfigException refused) {
            return false;
        }
    }

    private static String allowed(ConfigKey key) {
        String type = "what the Kafka clients take for " + key.name + ": a value of type "
                + key.type.name().toLowerCase(Locale.ROOT);
        return key.validator == null ? type : type + ", " + key.validator;
    }
}
