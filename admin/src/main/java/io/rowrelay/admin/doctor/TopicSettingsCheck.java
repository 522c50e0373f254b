package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.command.Broker;
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
final class TopicSettingsCheck {
    static final Problem TOPIC_COMPACTED = Problem.problem(
            "topic-compacted",
            "Compaction removes older records of a key: a consumer that is behind misses changes, and other "
                    + "readers see no history.");

    static final Problem TOPIC_OUTLIVES_TOMBSTONES = Problem.problem(
            "topic-outlives-tombstones",
            "Kafka keeps records longer than the destination keeps tombstones: reading the topic again can "
                    + "bring deleted rows back.");

    static final Problem TOPIC_RETENTION_SHORT = Problem.warning(
            "topic-retention-short",
            "The topic keeps records for less than a day, or by size only: a consumer that is down for longer "
                    + "loses changes.");

    static final Problem TOPIC_MIN_INSYNC = Problem.warning(
            "topic-min-insync",
            "min.insync.replicas is 1: an acknowledged record can be lost with its only replica. The producer publishes it again when it notices.");

    static final Problem TOPIC_UNCLEAN_ELECTION = Problem.warning(
            "topic-unclean-election",
            "unclean.leader.election.enable is true: acknowledged records can be lost. The producer publishes them again when it notices.");

    private static final Duration SHORT = Duration.ofDays(1);

    static final Check CHECK = new Check(
            "topic-settings",
            Subject.TOPIC,
            Set.of(Need.TOPIC),
            List.of(
                    TOPIC_COMPACTED,
                    TOPIC_OUTLIVES_TOMBSTONES,
                    TOPIC_RETENTION_SHORT,
                    TOPIC_MIN_INSYNC,
                    TOPIC_UNCLEAN_ELECTION),
            TopicSettingsCheck::look);

    private TopicSettingsCheck() {}

    private static List<CheckResult> look(CheckContext context) throws OutageException, InterruptedException {
        int replicas = TopicCheck.fewestReplicas(TopicCheck.describe(context.kafka(), context.topic()));
        return results(read(context.kafka(), context.topic()), replicas, context.settings());
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

    static List<CheckResult> results(Map<String, String> config, int replicas, AdminSettings settings) {
        String topic = settings.stream().topic();
        List<CheckResult> results = new ArrayList<>();
        String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        long kept = number(config, TopicConfig.RETENTION_MS_CONFIG);
        long bytes = number(config, TopicConfig.RETENTION_BYTES_CONFIG);
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            results.add(CheckResult.found(
                    TOPIC_COMPACTED,
                    "cleanup.policy of " + topic + " is " + policy,
                    alter(settings, topic, "cleanup.policy=delete"),
                    Remedy.resync()));
        }
        if (kept < 0 || kept > settings.tombstoneRetention().toMillis()) {
            results.add(CheckResult.found(
                    TOPIC_OUTLIVES_TOMBSTONES,
                    topic + " keeps records " + (kept < 0 ? "for ever" : Ages.text(Duration.ofMillis(kept)))
                            + ", and TOMBSTONE_RETENTION is " + Ages.text(settings.tombstoneRetention()),
                    alter(settings, topic, "retention.ms=" + Duration.ofDays(7).toMillis()),
                    Remedy.byHand("or restart the consumers with a TOMBSTONE_RETENTION that is longer")));
        }
        if ((kept >= 0 && kept < SHORT.toMillis()) || bytes >= 0) {
            results.add(CheckResult.found(
                    TOPIC_RETENTION_SHORT,
                    "retention.ms of " + topic + " is " + kept + ", retention.bytes " + bytes,
                    alter(settings, topic, "retention.ms=" + Duration.ofDays(7).toMillis() + ",retention.bytes=-1")));
        }
        if (replicas > 1 && number(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG) == 1) {
            results.add(CheckResult.found(
                    TOPIC_MIN_INSYNC,
                    "min.insync.replicas of " + topic + " is 1, and it has " + replicas + " replicas",
                    alter(settings, topic, "min.insync.replicas=2")));
        }
        if (Boolean.parseBoolean(config.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
            results.add(CheckResult.found(
                    TOPIC_UNCLEAN_ELECTION,
                    "unclean.leader.election.enable of " + topic + " is true",
                    alter(settings, topic, "unclean.leader.election.enable=false")));
        }
        return CheckResult.orOk(
                results, topic + " keeps records for " + Ages.text(Duration.ofMillis(Math.max(0, kept))));
    }

    static long number(Map<String, String> config, String name) {
        return Long.parseLong(config.getOrDefault(name, "-1"));
    }

    static Remedy alter(AdminSettings settings, String topic, String change) {
        return Remedy.inShell(
                "kafka-configs.sh --bootstrap-server " + settings.kafka().servers()
                        + " --alter --entity-type topics --entity-name " + topic + " --add-config " + change);
    }
}
