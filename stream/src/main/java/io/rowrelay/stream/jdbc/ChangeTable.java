package io.rowrelay.stream.jdbc;

import java.util.List;

/**
 * What the statements need to know of a change table.
 *
 * @param name the change table, qualified and quoted
 * @param oid its object id
 * @param printedLike the object id of the source table, where how a row is printed depends on that too, else 0
 * @param definition of its columns, as {@link #definitionNow} computes it
 * @param columns the captured columns in their order
 * @param key those that are the source's primary key, in key order
 */
public record ChangeTable(
        String name, long oid, long printedLike, long definition, List<Column> columns, List<Column> key) {
    public ChangeTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * An SQL expression that has another value when a table has got or lost a column, or a column another type or name: what has
     * been read here says no more then how its rows are printed. Of the table whose object id is {@code oid}, in SQL.
     */
    public static String definition(String oid) {
        return "(SELECT bit_xor(hashint8extended((d.atttypid::bigint << 31) + d.atttypmod, d.attnum)"
                + " # hashnameextended(d.attname, d.attnum))"
                + " FROM pg_catalog.pg_attribute d WHERE d.attrelid = " + oid + " AND d.attnum > 0)";
    }

    /** The same for this table, as it is when the expression is computed, and for the one that it is printed like. */
    public String definitionNow() {
        return definition(oid, printedLike);
    }

    static String definition(long oid, long printedLike) {
        String own = definition(oid + "::oid");
        // Turned into another number, since what is alike in both would cancel out.
        return printedLike == 0 ? own : own + " # hashint8(" + definition(printedLike + "::oid") + ")";
    }

    /**
     * A captured column.
     *
     * @param name quoted
     * @param source its name in the source table, quoted
     * @param field its name in a record
     * @param cast what to put behind a value so that it is printed as the source table's type would be, or nothing
     * @param form what it is printed as in a record
     * @param text what the text form of its type is in JSON
     * @param small whether no value of it has a long text form
     * @param string whether it is a string of characters or bytes, whose length is known without reading it
     */
    public record Column(
            String name,
            String source,
            String field,
            String cast,
            Form form,
            Text text,
            boolean small,
            boolean string) {
        /** The column of the row that {@code alias} stands for. */
        public String of(String alias) {
            return alias + "." + name + cast;
        }

        /**
         * At most what the column's value takes in a record, in bytes, and computed without reading it: what is wide enough could not
         * even be printed. An element of an array can be printed in fewer bytes than it is stored in, but not in 16 times fewer.
         */
        public String leastSize(String alias) {
            String value = alias + "." + name;
            return string ? "octet_length(" + value + ")" : "pg_column_size(" + value + ") / 16";
        }

        /** The column's value for a record, of the row that {@code alias} stands for. */
        public String value(String alias) {
            String value = of(alias);
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
        /** The same: it is JSON. */
        JSON,
        /** Something else. */
        OTHER
    }
}
