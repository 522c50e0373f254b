package io.rowrelay.common.jdbc;

import java.util.List;

/**
 * What the statements need to know of a change table.
 *
 * @param name the change table, qualified and quoted
 * @param oid its object id, to notice a change of its columns
 * @param attributeCount pg_class.relnatts, likewise
 * @param columns the captured columns in their order
 * @param key those that are the source's primary key, in key order
 */
public record ChangeTable(String name, long oid, int attributeCount, List<Column> columns, List<Column> key) {
    public ChangeTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * A captured column.
     *
     * @param name quoted
     * @param field its name in a record
     * @param form what it is printed as in a record
     * @param text what the text form of its type is in JSON
     * @param small whether no value of it has a long text form
     */
    public record Column(String name, String field, Form form, Text text, boolean small) {
        /** The column's value for a record, of the row that {@code alias} stands for. */
        public String value(String alias) {
            String value = alias + "." + name;
            return switch (form) {
                case JSON -> value;
                case TEXT -> value + "::text";
                case ARRAY ->
                    "CASE WHEN replace(array_dims(%1$s), '[1:', '') LIKE '%%[%%' THEN to_json(%1$s::text) ELSE to_json(%1$s) END"
                            .formatted(value);
            };
        }
    }

    /**
     * What a column is printed as, so that reading it back gives the same value. A string is read back by the input
     * function of the column's type, whatever the type is.
     */
    public enum Form {
        /** As PostgreSQL turns it into JSON. */
        JSON,
        /** As a JSON array, which can only count from 1; as its text form where it counts otherwise. */
        ARRAY,
        /** As its text form: what it is made of would come back as something else. */
        TEXT
    }

    /** What the text form of a type is in JSON. */
    public enum Text {
        /** The same; in quotes where it is no number and no boolean, as with NaN. */
        BARE,
        /** The same in quotes. */
        STRING,
        /** Something else. */
        OTHER
    }
}
