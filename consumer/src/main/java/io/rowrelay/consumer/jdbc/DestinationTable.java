package io.rowrelay.consumer.jdbc;

import java.util.List;
import java.util.Optional;

/**
 * What the statements need to know of a destination table.
 *
 * @param name qualified and quoted
 * @param columns its columns, without action_id
 * @param key the names of the primary key's columns in key order
 * @param deferrable whether a constraint of it could speak at the end of the transaction only
 * @param probed whether the destination has the function that finds refused records, as of the newer sql/destination
 */
record DestinationTable(String name, List<Column> columns, List<String> key, boolean deferrable, boolean probed) {
    DestinationTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * One column.
     *
     * @param name as it is, unquoted
     * @param type as SQL text, with its length or precision
     * @param generated whether the database computes it
     */
    record Column(String name, String type, boolean generated) {}

    Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
