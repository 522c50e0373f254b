package io.rowrelay.admin.doctor;

import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/** Whether the dead-letter topic exists and keeps its records. */
final class DeadLetterTopicCheck {
    static final Problem DEAD_LETTER_TOPIC_MISSING = Problem.problem(
            "dead-letter-topic-missing",
            "The dead-letter topic does not exist: the consumer creates it with the next record that it rejects, if it may.");

    static final Problem DEAD_LETTERS_FORGOTTEN = Problem.warning(
            "dead-letters-forgotten", "The dead-letter topic drops records by age or size, open ones too.");

    static final Check CHECK = new Check(
            "dead-letter-topic",
            Subject.TOPIC,
            Set.of(Need.KAFKA),
            List.of(DEAD_LETTER_TOPIC_MISSING, DEAD_LETTERS_FORGOTTEN),
            DeadLetterTopicCheck::look);

    private DeadLetterTopicCheck() {}

    private static List<CheckResult> look(CheckContext context) throws OutageException, InterruptedException {
        String topic = context.settings().stream().deadLetterTopic();
        if (TopicCheck.describe(context.kafka(), topic).isEmpty()) {
            return List.of(CheckResult.found(
                    DEAD_LETTER_TOPIC_MISSING,
                    "there is no topic " + topic,
                    Remedy.byHand(
                            "a producer creates it when it starts, a consumer with its first dead letter, and a producer that is idle within"
                                    + " 15 s")));
        }
        Map<String, String> config = TopicSettingsCheck.read(context.kafka(), topic);
        List<CheckResult> results = new ArrayList<>();
        if (TopicSettingsCheck.number(config, TopicConfig.RETENTION_MS_CONFIG) >= 0
                || TopicSettingsCheck.number(config, TopicConfig.RETENTION_BYTES_CONFIG) >= 0
                || config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "").contains("compact")) {
            results.add(CheckResult.found(
                    DEAD_LETTERS_FORGOTTEN,
                    topic + " has retention.ms " + config.get(TopicConfig.RETENTION_MS_CONFIG) + ", retention.bytes "
                            + config.get(TopicConfig.RETENTION_BYTES_CONFIG) + ", cleanup.policy "
                            + config.get(TopicConfig.CLEANUP_POLICY_CONFIG),
                    TopicSettingsCheck.alter(
                            context.settings(), topic, "retention.ms=-1,retention.bytes=-1,cleanup.policy=delete")));
        }
        return CheckResult.orOk(results, "topic " + topic + " keeps dead letters for ever");
    }
}
