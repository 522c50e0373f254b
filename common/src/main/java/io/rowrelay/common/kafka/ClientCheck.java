package io.rowrelay.common.kafka;

import io.rowrelay.common.settings.Credentials;
import io.rowrelay.common.settings.Mistake;
import io.rowrelay.common.settings.SettingsReader;
import io.rowrelay.common.settings.SettingsRule;
import io.rowrelay.common.settings.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;

/**
 * Lets the Kafka clients check the properties together, key stores and credentials included, so that what would stop a
 * client from opening is reported with the other mistakes. Does not touch the network.
 */
final class ClientCheck implements SettingsRule {

    /** Signing in with these asks another server, which may be down now; that is no mistake. */
    private static final Set<String> MECHANISMS_WITH_A_SERVER = Set.of("GSSAPI", "OAUTHBEARER");

    @Override
    public void check(SettingsReader settings) {
        Map<String, String> given = settings.given(KafkaClientSettings.PROPERTIES);
        if (given.isEmpty()) {
            return;
        }
        String servers = settings.value(KafkaClientSettings.BOOTSTRAP_SERVERS).orElse("localhost:9092");
        KafkaClientSettings properties = KafkaClientSettings.of(servers, given);
        try {
            ProducerConfig producer = new ProducerConfig(properties.producer());
            NativeCodecs.problem(producer.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG))
                    .ifPresent(problem -> {
                        throw new IllegalStateException("compression.type: " + problem);
                    });
            findAssignors(new ConsumerConfig(properties.consumer()));
            AdminClientConfig any = new AdminClientConfig(properties.admin());
            findReporters(any);
            openChannels(any);
        } catch (RuntimeException refused) {
            // Whatever they throw here they would throw when they are opened.
            settings.report(new Mistake(
                    "environment and file together",
                    "KAFKA_...",
                    "",
                    "the Kafka clients refuse these properties: " + withoutSecrets(reason(refused), given),
                    "correct the properties that it names"));
        }
    }

    private static void findAssignors(ConsumerConfig config) {
        List<String> names = config.getList(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        ConsumerPartitionAssignor.getAssignorInstances(names, config.originals());
    }

    private static void findReporters(AdminClientConfig config) {
        config.getConfiguredInstances(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, MetricsReporter.class)
                .forEach(reporter -> Utils.closeQuietly(reporter, "metrics reporter"));
    }

    private static void openChannels(AdminClientConfig config) {
        String protocol =
                config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG).toUpperCase(Locale.ROOT);
        if (protocol.startsWith("SASL")) {
            JaasContext.loadClientContext(config.values());
            if (MECHANISMS_WITH_A_SERVER.contains(config.getString(SaslConfigs.SASL_MECHANISM))) {
                return;
            }
        }
        if (!protocol.equals("PLAINTEXT")) {
            Utils.closeQuietly(
                    ClientUtils.createChannelBuilder(config, Time.SYSTEM, new LogContext()), "channel builder");
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = KafkaFailures.innermost(failure);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String withoutSecrets(String text, Map<String, String> given) {
        String masked = text;
        for (Map.Entry<String, String> each : given.entrySet()) {
            boolean secret = KafkaClientSettings.PROPERTIES
                    .setting(each.getKey())
                    .filter(setting -> setting.type().secret())
                    .isPresent();
            String shown = secret ? ValueType.MASK : Credentials.masked(each.getValue());
            masked = masked.replace(each.getValue(), shown);
        }
        return masked;
    }
}
