package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.runtime.OutageException;
import java.security.SecureRandom;

/**
 * How PostgreSQL turns text into a number of 64 bits. Each comparison has one of its own, with a number that nobody can know
 * before: who may write rows could otherwise choose their values so that the exclusive or of all hashes stays what it was.
 *
 * @param sql with a place for the text
 */
record Hashing(String sql) {
    /** What hash partitions go by: quick, but it depends on the server's encoding and the machine's byte order. */
    private static final String QUICK = "hashtextextended(%%s COLLATE \"C\", '%d'::bigint)";

    /** The same everywhere. */
    private static final String PORTABLE = "('x' || left(md5(convert_to('%d ' || %%s, 'UTF8')), 16))::bit(64)::bigint";

    private static final SecureRandom NUMBERS = new SecureRandom();

    /** The quickest with which both come to the same. */
    static Hashing forBoth(TableSession one, TableSession other) throws OutageException {
        long number = NUMBERS.nextLong();
        Hashing quick = new Hashing(QUICK.formatted(number));
        return quick.probe(one).equals(quick.probe(other)) ? quick : new Hashing(PORTABLE.formatted(number));
    }

    private String probe(TableSession session) throws OutageException {
        return session.one(
                "asking for the encoding",
                "SELECT getdatabaseencoding() || " + of("'rowrelay'::text"),
                row -> row.getString(1));
    }

    /** The hash of an expression that gives text. */
    String of(String text) {
        return sql.formatted(text);
    }
}
