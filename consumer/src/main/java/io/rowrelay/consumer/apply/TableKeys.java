package io.rowrelay.consumer.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By topic, what the rows of its table are known by in the destination.
 *
 * @param columns of the primary key, in key order
 * @param problems why a table cannot be written as it is, and what ends that
 */
public record TableKeys(Map<String, List<String>> columns, Map<String, String> problems) {
    public TableKeys {
        columns = Map.copyOf(columns);
        problems = Map.copyOf(problems);
    }

    /** Those of one table. */
    public static TableKeys of(String topic, List<String> columns) {
        return new TableKeys(Map.of(topic, columns), Map.of());
    }

    List<String> columnsOf(String topic) {
        return columns.getOrDefault(topic, List.of());
    }

    /** Why records of the topic cannot be applied now; empty where they can. */
    Optional<String> problemOf(String topic) {
        return columns.containsKey(topic)
                ? Optional.empty()
                : Optional.of(problems.getOrDefault(
                        topic, "the table of topic " + topic + " has not been looked up in the destination yet"));
    }
}
