package io.rowrelay.admin.doctor.kafka;

import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.Subject;
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
final class BrokerState {
    private static final int FULL_PERCENT = 95;

    private BrokerState() {}

    /** Whether anybody answers. */
    static Check answers(Broker kafka, String servers) {
        return new KafkaCheck("kafka-answers", Subject.TOPIC, Set.of(), () -> {
            try {
                return List.of(Finding.sound(
                        "Kafka at " + servers + ", brokers " + brokers(kafka).size()));
            } catch (OutageException failure) {
                return List.of(Finding.ill(
                        Ailment.KAFKA_UNREACHABLE,
                        String.valueOf(failure.getMessage()),
                        Remedy.byHand(
                                "start the brokers, or correct KAFKA_BOOTSTRAP_SERVERS and the client properties; it is "
                                        + servers)));
            }
        });
    }

    static Collection<Node> brokers(Broker kafka) throws OutageException, InterruptedException {
        return kafka.ask("asking for the brokers", admin -> {
            DescribeClusterResult cluster = admin.describeCluster();
            return cluster.nodes();
        });
    }

    /** Whether their disks have room. */
    static Check disk(Broker kafka) {
        return new KafkaCheck("broker-disks", Subject.TOPIC, Set.of(Need.KAFKA), () -> disks(kafka));
    }

    private static List<Finding> disks(Broker kafka) throws OutageException, InterruptedException {
        List<Integer> brokers = brokers(kafka).stream().map(Node::id).toList();
        Map<Integer, Map<String, LogDirDescription>> directories = kafka.ask(
                "asking for the disks of the brokers",
                admin -> admin.describeLogDirs(brokers).allDescriptions());
        List<Finding> findings = new ArrayList<>();
        long leastFree = 100;
        for (Map.Entry<Integer, Map<String, LogDirDescription>> broker : directories.entrySet()) {
            for (LogDirDescription directory : broker.getValue().values()) {
                long free = freePercent(directory);
                leastFree = Math.min(leastFree, free);
                if (free < 100 - FULL_PERCENT) {
                    findings.add(Finding.ill(
                            Ailment.BROKER_DISK,
                            "broker " + broker.getKey() + " has " + free + " % left",
                            Remedy.byHand("give the broker more room, or topics a shorter retention")));
                }
            }
        }
        return KafkaCheck.orSound(findings, "the fullest disk of a broker has " + leastFree + " % left");
    }

    private static long freePercent(LogDirDescription directory) {
        long total = directory.totalBytes().orElse(0);
        return total == 0 ? 100 : directory.usableBytes().orElse(total) * 100 / total;
    }
}
