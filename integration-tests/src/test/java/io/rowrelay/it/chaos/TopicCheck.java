package io.rowrelay.it.chaos;

import io.rowrelay.it.chaos.Evidence.Captured;
import io.rowrelay.it.chaos.Evidence.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every captured change is on the topic, nothing else is, and the changes of a key are there in their order. */
final class TopicCheck {
    /** Partitions are compared by the time at which their records were made. */
    private static final long CLOCK_MILLIS = 100;

    private TopicCheck() {}

    static List<Finding> findings(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        Set<Long> published = new HashSet<>();
        evidence.published().forEach(each -> published.add(each.actionId()));
        for (Captured each : evidence.captured()) {
            if (!published.remove(each.actionId())) {
                findings.add(new Finding("captured = published", each.change().key(), each + " was never published"));
            }
        }
        for (Published each : evidence.published()) {
            if (published.contains(each.actionId())) {
                findings.add(new Finding("captured = published", each.key(), each + " was never captured"));
            }
        }
        // What brokers lose of a topic is published again behind what came later.
        Evidence.grouped(evidence.published(), Published::key).forEach((key, records) -> {
            if (records.stream().noneMatch(each -> evidence.losses().reach(each.place()))) {
                findings.addAll(order(key, records));
            }
        });
        return findings;
    }

    /** Records come partition by partition, each in the order of its offsets. */
    private static List<Finding> order(int key, List<Published> records) {
        Map<Long, Long> firstTimes = new HashMap<>();
        records.forEach(each -> firstTimes.merge(each.actionId(), each.timestampMillis(), Math::min));
        List<Finding> findings = new ArrayList<>();
        Evidence.grouped(records, Published::partition)
                .values()
                .forEach(partition -> findings.addAll(orderWithin(key, partition, firstTimes)));
        List<Long> rising = firstTimes.keySet().stream().sorted().toList();
        for (int i = 1; i < rising.size(); i++) {
            long before = firstTimes.getOrDefault(rising.get(i - 1), 0L);
            long after = firstTimes.getOrDefault(rising.get(i), 0L);
            if (before > after + CLOCK_MILLIS) {
                findings.add(new Finding(
                        "order of a key", key, rising.get(i) + " was published before " + rising.get(i - 1)));
            }
        }
        return findings;
    }

    /** A record that is the first of its change must follow all older changes; repetitions may come at any time. */
    private static List<Finding> orderWithin(int key, List<Published> partition, Map<Long, Long> firstTimes) {
        List<Finding> findings = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        long newest = 0;
        for (Published each : partition) {
            boolean first =
                    seen.add(each.actionId()) && each.timestampMillis() <= firstTimes.getOrDefault(each.actionId(), 0L);
            if (first && each.actionId() < newest) {
                findings.add(new Finding("order of a key", key, each + " follows " + newest + " in its partition"));
            }
            newest = Math.max(newest, each.actionId());
        }
        return findings;
    }
}
