package io.rowrelay.producer.jdbc;

import java.util.List;

/**
 * What the statements need to know of a change table.
 *
 * @param name the change table, qualified and quoted
 * @param oid its object id, to notice a change of its columns
 * @param attributeCount pg_class.relnatts, likewise
 * @param columns the captured columns in their order, quoted
 * @param key the columns of the source's primary key in key order, with their types
 */
record ChangeTable(String name, long oid, int attributeCount, List<String> columns, List<KeyColumn> key) {
    ChangeTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * One column of the primary key.
     *
     * @param name quoted
     * @param plainText whether its text form is also its form in JSON, but for quotes
     */
    record KeyColumn(String name, boolean plainText) {}
}
