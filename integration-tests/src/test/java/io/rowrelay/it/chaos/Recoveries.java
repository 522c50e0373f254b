package io.rowrelay.it.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each kind of fault came, and how long it took from its end until a new change arrived. Used by one thread. */
final class Recoveries {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, List<Long>> millis = new TreeMap<>();

    void injected(String kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    void recovered(String kind, Duration took) {
        millis.computeIfAbsent(kind, any -> new ArrayList<>()).add(took.toMillis());
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** A line a kind, as a table of Markdown. */
    String table() {
        StringBuilder table = new StringBuilder(
                        "| fault | times | recovery: measured | least s | median s | most s |\n")
                .append("|-|-|-|-|-|-|\n");
        counts.forEach((kind, count) -> {
            List<Long> sorted =
                    millis.getOrDefault(kind, List.of()).stream().sorted().toList();
            table.append("| ")
                    .append(kind)
                    .append(" | ")
                    .append(count)
                    .append(" | ")
                    .append(sorted.size());
            if (sorted.isEmpty()) {
                table.append(" | | | |\n");
            } else {
                table.append(" | %.1f | %.1f | %.1f |%n"
                        .formatted(
                                sorted.get(0) / 1000.0,
                                sorted.get(sorted.size() / 2) / 1000.0,
                                sorted.get(sorted.size() - 1) / 1000.0));
            }
        });
        return table.toString();
    }
}
