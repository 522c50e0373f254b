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
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;

/** Whether the stream's topic is there, as large as it should be, with all its replicas. */
final class TopicState {
    private TopicState() {}

    static Check check(Broker kafka, StreamNames names, TopicRules rules) {
        return new KafkaCheck("topic", Subject.TOPIC, Set.of(Need.KAFKA), () -> look(kafka, names, rules));
    }

    static Optional<TopicDescription> describe(Broker kafka, String topic)
            throws OutageException, InterruptedException {
        return kafka.askIfThere(
                "asking for topic " + topic,
                admin -> admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private static List<Finding> look(Broker kafka, StreamNames names, TopicRules rules)
            throws OutageException, InterruptedException {
        Optional<TopicDescription> described = describe(kafka, names.topic());
        if (described.isEmpty()) {
            return List.of(Finding.ill(
                    Ailment.TOPIC_MISSING,
                    "there is no topic " + names.topic(),
                    Remedy.inShell("java -jar producer/target/producer.jar"),
                    Remedy.resync()));
        }
        int brokers = BrokerState.brokers(kafka).size();
        List<Finding> findings = new ArrayList<>();
        int partitions = described.get().partitions().size();
        if (partitions != rules.partitions()) {
            findings.add(partitions(names, rules, partitions));
        }
        replicas(described.get(), names, rules, brokers).ifPresent(findings::add);
        missingReplicas(described.get(), names).ifPresent(findings::add);
        return KafkaCheck.orSound(
                findings, "topic " + names.topic() + " has partitions " + partitions + ", all replicas in sync");
    }

    /** Counts those of the partition that has the fewest; 0 where there is no topic. */
    static int fewestReplicas(Optional<TopicDescription> topic) {
        return topic.stream()
                .flatMap(there -> there.partitions().stream())
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static Finding partitions(StreamNames names, TopicRules rules, int partitions) {
        String text = names.topic() + " has " + partitions + ", TOPIC_PARTITIONS is " + rules.partitions();
        return partitions < rules.partitions()
                ? Finding.ill(
                        Ailment.TOPIC_PARTITIONS,
                        text,
                        Remedy.inShell("kafka-topics.sh --bootstrap-server " + rules.servers() + " --alter --topic "
                                + names.topic() + " --partitions " + rules.partitions()))
                : Finding.ill(Ailment.TOPIC_PARTITIONS, text, Remedy.byHand("set TOPIC_PARTITIONS=" + partitions));
    }

    private static Optional<Finding> replicas(
            TopicDescription topic, StreamNames names, TopicRules rules, int brokers) {
        int fewest = fewestReplicas(Optional.of(topic));
        boolean tooFew = rules.replicationFactor() > 0 ? fewest < rules.replicationFactor() : fewest < 2 && brokers > 1;
        if (!tooFew && fewest == 1) {
            return Optional.of(Finding.ill(
                    Ailment.TOPIC_ONE_COPY,
                    names.topic() + " has 1 replica, and there is " + brokers + " broker",
                    Remedy.byHand("where that is not good enough, run a cluster of three brokers, with"
                            + " TOPIC_REPLICATION_FACTOR=3, min.insync.replicas=2 and"
                            + " unclean.leader.election.enable=false")));
        }
        return tooFew
                ? Optional.of(Finding.ill(
                        Ailment.TOPIC_REPLICATION,
                        names.topic() + " has " + fewest + " replicas, TOPIC_REPLICATION_FACTOR is "
                                + rules.replicationFactor() + ", and there are " + brokers + " brokers",
                        Remedy.byHand("add replicas with kafka-reassign-partitions.sh")))
                : Optional.empty();
    }

    private static Optional<Finding> missingReplicas(TopicDescription topic, StreamNames names) {
        List<Integer> poor = topic.partitions().stream()
                .filter(partition ->
                        partition.isr().size() < partition.replicas().size())
                .map(partition -> partition.partition())
                .toList();
        return poor.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.ill(
                        Ailment.TOPIC_UNDER_REPLICATED,
                        "partitions " + poor + " of " + names.topic(),
                        Remedy.byHand("start the brokers that are down")));
    }
}
