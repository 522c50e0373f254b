package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.runtime.OutageException;

/** How PostgreSQL turns text into a number of 64 bits. */
enum Hashing {
    /** What hash partitions go by: quick, but it depends on the server's encoding and the machine's byte order. */
    QUICK("hashtextextended(%s COLLATE \"C\", 0)"),
    /** The same everywhere. */
    PORTABLE("('x' || left(md5(convert_to(%s, 'UTF8')), 16))::bit(64)::bigint");

    private final String sql;

    Hashing(String sql) {
        this.sql = sql;
    }

    /** The quickest with which both come to the same. */
    static Hashing forBoth(TableSession one, TableSession other) throws OutageException {
        return probe(one).equals(probe(other)) ? QUICK : PORTABLE;
    }

    private static String probe(TableSession session) throws OutageException {
        return session.one(
                "asking for the encoding",
                "SELECT getdatabaseencoding() || " + QUICK.of("'rowrelay'::text"),
                row -> row.getString(1));
    }

    /** The hash of an expression that gives text. */
    String of(String text) {
        return sql.formatted(text);
    }
}
