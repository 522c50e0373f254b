package io.rowrelay.admin.doctor.kafka;

import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/** Whether dead letters have a place, and stay there. */
final class DeadLetterTopic {
    private DeadLetterTopic() {}

    static Check topic(Broker kafka, StreamNames names, TopicRules rules) {
        return new KafkaCheck("dead-letter-topic", Subject.TOPIC, Set.of(Need.KAFKA), () -> look(kafka, names, rules));
    }

    private static List<Finding> look(Broker kafka, StreamNames names, TopicRules rules)
            throws OutageException, InterruptedException {
        String topic = names.deadLetterTopic();
        if (TopicState.describe(kafka, topic).isEmpty()) {
            return List.of(Finding.ill(
                    Ailment.DEAD_LETTER_TOPIC_MISSING,
                    "there is no topic " + topic,
                    Remedy.byHand(
                            "a producer and a consumer create it when they start, and a producer that is idle within"
                                    + " 15 s")));
        }
        Map<String, String> settings = TopicConfigs.read(kafka, topic);
        List<Finding> findings = new ArrayList<>();
        if (TopicConfigs.number(settings, TopicConfig.RETENTION_MS_CONFIG) >= 0
                || TopicConfigs.number(settings, TopicConfig.RETENTION_BYTES_CONFIG) >= 0
                || settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "").contains("compact")) {
            findings.add(Finding.ill(
                    Ailment.DEAD_LETTERS_FORGOTTEN,
                    topic + " has retention.ms " + settings.get(TopicConfig.RETENTION_MS_CONFIG) + ", retention.bytes "
                            + settings.get(TopicConfig.RETENTION_BYTES_CONFIG) + ", cleanup.policy "
                            + settings.get(TopicConfig.CLEANUP_POLICY_CONFIG),
                    TopicConfigs.alter(rules, topic, "retention.ms=-1,retention.bytes=-1,cleanup.policy=delete")));
        }
        return KafkaCheck.orSound(findings, "topic " + topic + " keeps dead letters for ever");
    }
}
