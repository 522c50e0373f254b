package io.rowrelay.admin.doctor.kafka;

import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.StreamNames;
import java.util.List;

/** The checks of Kafka, each behind those that it builds on. */
public final class TopicChecks {
    private TopicChecks() {}

    public static List<Check> of(Broker kafka, StreamNames names, TopicRules rules) {
        return List.of(
                BrokerState.answers(kafka, rules.servers()),
                BrokerState.disk(kafka),
                TopicState.check(kafka, names, rules),
                TopicConfigs.check(kafka, names, rules),
                DeadLetterTopic.topic(kafka, names, rules));
    }
}
