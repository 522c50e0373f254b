package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns, once, of a session whose login and rows anybody on the network can read. Safe for any thread. */
final class OpenPasswords {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPasswords.class);
    private static final Set<String> TLS_ONLY = Set.of("require", "verify-ca", "verify-full");

    private static final String ENCRYPTED = """
            SELECT s.ssl OR coalesce(g.encrypted, false)
            FROM pg_catalog.pg_stat_ssl s LEFT JOIN pg_catalog.pg_stat_gssapi g ON g.pid OPERATOR(pg_catalog.=) s.pid
            WHERE s.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()""";

    private final String url;
    private final AtomicBoolean known;

    OpenPasswords(String url) {
        this.url = url;
        this.known = new AtomicBoolean(
                JdbcUrls.isOnThisMachine(url) || TLS_ONLY.contains(JdbcUrls.parameter(url, "sslmode")));
    }

    /** Looks at the first session only: the others go the same way. */
    void look(Connection session) throws SQLException {
        if (!known.compareAndSet(false, true)) {
            return;
        }
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(ENCRYPTED)) {
            if (row.next() && !row.getBoolean(1)) {
                LOG.warn(
                        "the login and all rows cross the network in the clear: add sslmode=verify-full and sslrootcert to the URL"
                                + " of the database, see docs/operate/security.md url={}",
                        url);
            }
        }
    }
}
