package io.rowrelay.consumer.apply;

import java.util.List;

/**
 * The stream that a consumer applies.
 *
 * @param name the name that its progress and its tombstones are kept under
 * @param tables what it consists of
 */
public record AppliedStream(String name, List<TopicTable> tables) {
    public AppliedStream {
        tables = List.copyOf(tables);
    }

    /** The topics of the tables. */
    public List<String> topics() {
        return tables.stream().map(TopicTable::topic).toList();
    }
}
