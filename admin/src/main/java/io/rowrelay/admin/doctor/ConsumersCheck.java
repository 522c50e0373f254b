package io.rowrelay.admin.doctor;

import io.rowrelay.admin.status.Lag;
import io.rowrelay.admin.status.TopicStatus;
import io.rowrelay.common.runtime.Programs;
import java.util.List;
import java.util.Locale;

/** The part of {@link ApplyingCheck} about the consumer group: whether every partition has a consumer. */
final class ConsumersCheck {
    static final Problem CONSUMER_MISSING =
            Problem.problem("consumer-missing", "The consumer group has no member: nobody applies changes.");

    static final Problem GROUP_REBALANCING = Problem.warning(
            "group-rebalancing", "The group distributes its partitions again. That takes seconds, not minutes.");

    static final Problem PARTITION_UNASSIGNED = Problem.warning(
            "partition-unassigned", "A partition has no consumer although the group has members: nobody applies it.");

    private ConsumersCheck() {}

    static List<CheckResult> results(TopicStatus topic, Lag lag) {
        TopicStatus.Group group = topic.group();
        if (group.members() == 0) {
            return List.of(CheckResult.found(
                    CONSUMER_MISSING,
                    "group " + group.name() + " is " + group.state() + "; " + lag.records() + " records wait",
                    Remedy.inShell(Programs.CONSUMER)));
        }
        if (group.state().toLowerCase(Locale.ROOT).contains("rebalance")
                || group.state().equalsIgnoreCase("assigning")
                || group.state().equalsIgnoreCase("reconciling")) {
            return List.of(CheckResult.found(
                    GROUP_REBALANCING,
                    "group " + group.name() + " is " + group.state(),
                    Remedy.byHand("look again in a few seconds; if it stays so, see the consumers' logs")));
        }
        List<Integer> left = topic.partitions().stream()
                .filter(partition -> partition.consumer().isEmpty())
                .map(TopicStatus.Partition::number)
                .toList();
        return left.isEmpty()
                ? List.of()
                : List.of(CheckResult.found(
                        PARTITION_UNASSIGNED,
                        "partitions " + left + " of group " + group.name(),
                        Remedy.byHand("look again in a few seconds: new partitions are noticed within 10 s")));
    }
}
