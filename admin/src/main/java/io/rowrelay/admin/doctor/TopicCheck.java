package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Broker;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.settings.StreamSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;

/** Whether the stream's topic is there, as large as it should be, with all its replicas. */
final class TopicCheck {
    static final Problem TOPIC_MISSING = Problem.problem(
            "topic-missing",
            "The topic does not exist. The producer creates it again; records that were not applied are lost until a resync.",
            Need.TOPIC);

    static final Problem TOPIC_PARTITIONS =
            Problem.warning("topic-partitions", "The topic has another number of partitions than TOPIC_PARTITIONS.");

    static final Problem TOPIC_REPLICATION = Problem.warning(
            "topic-replication",
            "The topic has fewer replicas than TOPIC_REPLICATION_FACTOR, or only one on a cluster of several "
                    + "brokers.");

    static final Problem TOPIC_ONE_COPY = Problem.warning(
            "topic-one-copy",
            "There is one broker, so one copy of the records. After a power loss the producer publishes lost records again; if the disk is lost, run resync.");

    static final Problem TOPIC_UNDER_REPLICATED = Problem.problem(
            "topic-under-replicated",
            "Replicas of the topic are missing. Below min.insync.replicas nothing can be published.");

    static final Check CHECK = new Check(
            "topic",
            Subject.TOPIC,
            Set.of(Need.KAFKA),
            List.of(TOPIC_MISSING, TOPIC_PARTITIONS, TOPIC_REPLICATION, TOPIC_ONE_COPY, TOPIC_UNDER_REPLICATED),
            TopicCheck::look);

    private TopicCheck() {}

    static Optional<TopicDescription> describe(Broker kafka, String topic)
            throws OutageException, InterruptedException {
        return kafka.askIfThere(
                "asking for topic " + topic,
                admin -> admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private static List<CheckResult> look(CheckContext context) throws OutageException, InterruptedException {
        String topic = context.topic();
        Optional<TopicDescription> described = describe(context.kafka(), topic);
        if (described.isEmpty()) {
            return List.of(CheckResult.found(
                    TOPIC_MISSING, "there is no topic " + topic, Remedy.inShell(Programs.PRODUCER), Remedy.resync()));
        }
        int brokers = BrokerCheck.brokers(context.kafka()).size();
        List<CheckResult> results = new ArrayList<>();
        int partitions = described.get().partitions().size();
        if (partitions != context.settings().stream().partitions()) {
            results.add(partitions(context, partitions));
        }
        replicas(described.get(), context.settings().stream(), brokers).ifPresent(results::add);
        missingReplicas(described.get()).ifPresent(results::add);
        return CheckResult.orOk(results, "topic " + topic + " has partitions " + partitions + ", all replicas in sync");
    }

    /** Counts those of the partition that has the fewest; 0 where there is no topic. */
    static int fewestReplicas(Optional<TopicDescription> topic) {
        return topic.stream()
                .flatMap(there -> there.partitions().stream())
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static CheckResult partitions(CheckContext context, int partitions) {
        int wanted = context.settings().stream().partitions();
        String text = context.topic() + " has " + partitions + ", TOPIC_PARTITIONS is " + wanted;
        return partitions < wanted
                ? CheckResult.found(
                        TOPIC_PARTITIONS,
                        text,
                        Remedy.inShell("kafka-topics.sh --bootstrap-server "
                                + context.settings().kafka().servers() + " --alter --topic " + context.topic()
                                + " --partitions " + wanted))
                : CheckResult.found(TOPIC_PARTITIONS, text, Remedy.byHand("set TOPIC_PARTITIONS=" + partitions));
    }

    private static Optional<CheckResult> replicas(TopicDescription topic, StreamSettings stream, int brokers) {
        int fewest = fewestReplicas(Optional.of(topic));
        boolean tooFew =
                stream.replicationFactor() > 0 ? fewest < stream.replicationFactor() : fewest < 2 && brokers > 1;
        if (!tooFew && fewest == 1) {
            return Optional.of(CheckResult.found(
                    TOPIC_ONE_COPY,
                    topic.name() + " has 1 replica, and there is " + brokers + " broker",
                    Remedy.byHand("where that is not good enough, run a cluster of three brokers, with"
                            + " TOPIC_REPLICATION_FACTOR=3, min.insync.replicas=2 and"
                            + " unclean.leader.election.enable=false")));
        }
        return tooFew
                ? Optional.of(CheckResult.found(
                        TOPIC_REPLICATION,
                        topic.name() + " has " + fewest + " replicas, TOPIC_REPLICATION_FACTOR is "
                                + stream.replicationFactor() + ", and there are " + brokers + " brokers",
                        Remedy.byHand("add replicas with kafka-reassign-partitions.sh")))
                : Optional.empty();
    }

    private static Optional<CheckResult> missingReplicas(TopicDescription topic) {
        List<Integer> poor = topic.partitions().stream()
                .filter(partition ->
                        partition.isr().size() < partition.replicas().size())
                .map(partition -> partition.partition())
                .toList();
        return poor.isEmpty()
                ? Optional.empty()
                : Optional.of(CheckResult.found(
                        TOPIC_UNDER_REPLICATED,
                        "partitions " + poor + " of " + topic.name(),
                        Remedy.byHand("start the brokers that are down")));
    }
}
