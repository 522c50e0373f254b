package io.rowrelay.admin.doctor;

import io.rowrelay.admin.status.Lag;
import io.rowrelay.admin.status.TopicStatus;
import java.util.List;
import java.util.Locale;

/** Whether every partition has a consumer. */
final class Assigned {
    private Assigned() {}

    static List<Finding> judge(TopicStatus topic, Lag lag) {
        TopicStatus.Group group = topic.group();
        if (group.members() == 0) {
            return List.of(Finding.ill(
                    Ailment.CONSUMER_MISSING,
                    "group " + group.name() + " is " + group.state() + "; " + lag.records() + " records wait",
                    Remedy.inShell("java -jar consumer/target/consumer.jar")));
        }
        if (group.state().toLowerCase(Locale.ROOT).contains("rebalance")
                || group.state().equalsIgnoreCase("assigning")
                || group.state().equalsIgnoreCase("reconciling")) {
            return List.of(Finding.ill(
                    Ailment.GROUP_REBALANCING,
                    "group " + group.name() + " is " + group.state(),
                    Remedy.byHand("look again in a few seconds; if it stays so, see the consumers' logs")));
        }
        List<Integer> left = topic.partitions().stream()
                .filter(partition -> partition.consumer().isEmpty())
                .map(TopicStatus.Partition::number)
                .toList();
        return left.isEmpty()
                ? List.of()
                : List.of(Finding.ill(
                        Ailment.PARTITION_UNASSIGNED,
                        "partitions " + left + " of group " + group.name(),
                        Remedy.byHand("look again in a few seconds: new partitions are noticed within 10 s")));
    }
}
