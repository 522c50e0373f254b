package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.Broker;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/** Whether brokers answer, and have room. */
final class BrokerCheck {
    static final Problem KAFKA_UNREACHABLE =
            Problem.problem("kafka-unreachable", "No broker answers. Both daemons wait; nothing is lost.", Need.KAFKA);

    static final Problem BROKER_DISK =
            Problem.warning("broker-disk", "A broker's disk is nearly full. A broker with a full disk ends.");

    private static final int FULL_PERCENT = 95;

    /** Whether anybody answers. */
    static final Check ANSWERS =
            new Check("kafka-answers", Subject.TOPIC, Set.of(), List.of(KAFKA_UNREACHABLE), BrokerCheck::answers);

    /** Whether the disks have room. */
    static final Check DISKS =
            new Check("broker-disks", Subject.TOPIC, Set.of(Need.KAFKA), List.of(BROKER_DISK), BrokerCheck::disks);

    private BrokerCheck() {}

    private static List<CheckResult> answers(CheckContext context) throws InterruptedException {
        String servers = context.settings().kafka().servers();
        try {
            return List.of(CheckResult.ok("Kafka at " + servers + ", brokers "
                    + brokers(context.kafka()).size()));
        } catch (OutageException failure) {
            return List.of(CheckResult.found(
                    KAFKA_UNREACHABLE,
                    String.valueOf(failure.getMessage()),
                    Remedy.byHand(
                            "start the brokers, or correct KAFKA_BOOTSTRAP_SERVERS and the client properties; it is "
                                    + servers)));
        }
    }

    static Collection<Node> brokers(Broker kafka) throws OutageException, InterruptedException {
        return kafka.ask("asking for the brokers", admin -> {
            DescribeClusterResult cluster = admin.describeCluster();
            return cluster.nodes();
        });
    }

    private static List<CheckResult> disks(CheckContext context) throws OutageException, InterruptedException {
        Broker kafka = context.kafka();
        List<Integer> brokers = brokers(kafka).stream().map(Node::id).toList();
        Map<Integer, Map<String, LogDirDescription>> directories = kafka.ask(
                "asking for the disks of the brokers",
                admin -> admin.describeLogDirs(brokers).allDescriptions());
        List<CheckResult> results = new ArrayList<>();
        long leastFree = 100;
        for (Map.Entry<Integer, Map<String, LogDirDescription>> broker : directories.entrySet()) {
            for (LogDirDescription directory : broker.getValue().values()) {
                long free = freePercent(directory);
                leastFree = Math.min(leastFree, free);
                if (free < 100 - FULL_PERCENT) {
                    results.add(CheckResult.found(
                            BROKER_DISK,
                            "broker " + broker.getKey() + " has " + free + " % left",
                            Remedy.byHand("give the broker more room, or topics a shorter retention")));
                }
            }
        }
        return CheckResult.orOk(results, "the fullest disk of a broker has " + leastFree + " % left");
    }

    private static long freePercent(LogDirDescription directory) {
        long total = directory.totalBytes().orElse(0);
        return total == 0 ? 100 : directory.usableBytes().orElse(total) * 100 / total;
    }
}
