package io.rowrelay.stream.table;

/** A number that tells whether a table is still defined as it was: what has been read of it holds only while it is. */
public final class DefinitionHash {
    private DefinitionHash() {}

    /**
     * An SQL expression for the number. It is another one when the table has got or lost a column, or when a column has got another
     * name, type, collation, NOT NULL, identity or generation, or has got or lost its default. It takes one look into an index.
     *
     * @param oid the table's object id, in SQL
     */
    public static String sql(String oid) {
        return """
                (SELECT pg_catalog.bit_xor(
                            pg_catalog.hashint8extended((d.atttypid::pg_catalog.int8 << 31) + d.atttypmod, d.attnum)
                            # pg_catalog.hashnameextended(d.attname, d.attnum)
                            # pg_catalog.hashint8extended((d.attcollation::pg_catalog.int8 << 31) + (d.attgenerated::pg_catalog.int4 << 16)
                                + (d.attidentity::pg_catalog.int4 << 8) + (d.atthasdef::pg_catalog.int4 << 1) + d.attnotnull::pg_catalog.int4,
                                -d.attnum))
                 FROM pg_catalog.pg_attribute d WHERE d.attrelid = %s AND d.attnum > 0)""".formatted(oid);
    }

    /** The same for two tables at once. */
    static String sqlOfBoth(String oid, String other) {
        return sql(oid) + " # (" + sql(other) + " << 1)";
    }

    /** One number is shifted, since what is alike in both would cancel out. */
    static long ofBoth(long one, long other) {
        return one ^ (other << 1);
    }
}
