package io.rowrelay.admin.doctor.kafka;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** How long the stream's topic keeps what. */
final class TopicConfigs {
    private static final Duration SHORT = Duration.ofDays(1);

    private TopicConfigs() {}

    static Check check(Broker kafka, StreamNames names, TopicRules rules) {
        return new KafkaCheck(
                "topic-settings",
                Subject.TOPIC,
                Set.of(Need.TOPIC),
                () -> judge(
                        read(kafka, names.topic()),
                        TopicState.fewestReplicas(TopicState.describe(kafka, names.topic())),
                        names.topic(),
                        rules));
    }

    static Map<String, String> read(Broker kafka, String topic) throws OutageException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Config> found = kafka.ask(
                "asking for the settings of topic " + topic,
                admin -> admin.describeConfigs(List.of(resource)).all());
        Map<String, String> settings = new HashMap<>();
        found.values()
                .forEach(config ->
                        config.entries().forEach(entry -> settings.put(entry.name(), String.valueOf(entry.value()))));
        return settings;
    }

    static List<Finding> judge(Map<String, String> settings, int replicas, String topic, TopicRules rules) {
        List<Finding> findings = new ArrayList<>();
        String policy = settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        long kept = number(settings, TopicConfig.RETENTION_MS_CONFIG);
        long bytes = number(settings, TopicConfig.RETENTION_BYTES_CONFIG);
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            findings.add(Finding.ill(
                    Ailment.TOPIC_COMPACTED,
                    "cleanup.policy of " + topic + " is " + policy,
                    alter(rules, topic, "cleanup.policy=delete"),
                    Remedy.resync()));
        }
        if (kept < 0 || kept > rules.tombstoneRetention().toMillis()) {
            findings.add(Finding.ill(
                    Ailment.TOPIC_OUTLIVES_TOMBSTONES,
                    topic + " keeps records " + (kept < 0 ? "for ever" : Ages.text(Duration.ofMillis(kept)))
                            + ", and TOMBSTONE_RETENTION is " + Ages.text(rules.tombstoneRetention()),
                    alter(rules, topic, "retention.ms=" + Duration.ofDays(7).toMillis()),
                    Remedy.byHand("or restart the consumers with a TOMBSTONE_RETENTION that is longer")));
        }
        if ((kept >= 0 && kept < SHORT.toMillis()) || bytes >= 0) {
            findings.add(Finding.ill(
                    Ailment.TOPIC_RETENTION_SHORT,
                    "retention.ms of " + topic + " is " + kept + ", retention.bytes " + bytes,
                    alter(rules, topic, "retention.ms=" + Duration.ofDays(7).toMillis() + ",retention.bytes=-1")));
        }
        if (replicas > 1 && number(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG) == 1) {
            findings.add(Finding.ill(
                    Ailment.TOPIC_MIN_INSYNC,
                    "min.insync.replicas of " + topic + " is 1, and it has " + replicas + " replicas",
                    alter(rules, topic, "min.insync.replicas=2")));
        }
        if (Boolean.parseBoolean(settings.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
            findings.add(Finding.ill(
                    Ailment.TOPIC_UNCLEAN_ELECTION,
                    "unclean.leader.election.enable of " + topic + " is true",
                    alter(rules, topic, "unclean.leader.election.enable=false")));
        }
        return KafkaCheck.orSound(
                findings, topic + " keeps records for " + Ages.text(Duration.ofMillis(Math.max(0, kept))));
    }

    static long number(Map<String, String> settings, String name) {
        return Long.parseLong(settings.getOrDefault(name, "-1"));
    }

    static Remedy alter(TopicRules rules, String topic, String config) {
        return Remedy.inShell("kafka-configs.sh --bootstrap-server " + rules.servers()
                + " --alter --entity-type topics --entity-name " + topic + " --add-config " + config);
    }
}
