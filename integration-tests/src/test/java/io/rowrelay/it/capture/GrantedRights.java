package io.rowrelay.it.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.jdbc.TableRights;
import java.sql.SQLException;
import java.util.List;

/** The rights on tables that a role was granted. */
final class GrantedRights {
    private GrantedRights() {}

    /** Takes them away one by one, all but those on one table, and looks whether a daemon's start would name it. */
    static void assertEachIsNeeded(TableRights needed, Session session, String role, String except)
            throws SQLException {
        List<String> granted = session.list("""
                SELECT format('%%s on %%s', g.privilege_type, c.relname)
                FROM pg_class c, aclexplode(c.relacl) g
                WHERE c.relkind = 'r' AND g.grantee = '%1$s'::regrole
                UNION ALL
                SELECT format('%%s (%%s) on %%s', g.privilege_type, a.attname, c.relname)
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g
                WHERE g.grantee = '%1$s'::regrole""".formatted(role));
        assertThat(granted).hasSizeGreaterThan(9);
        for (String right : granted) {
            session.run("BEGIN; REVOKE " + right + " FROM " + role);
            assertThat(needed.missing(session.connection(), role.replace("\"", "")))
                    .isEqualTo(right.endsWith(" on " + except) ? "" : right);
            session.run("ROLLBACK");
        }
    }
}
