package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DestinationIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The destination's system identifier and the oid of its database. Safe for any thread. */
public final class JdbcDestinationIdentity implements DestinationIdentity {
    private final HikariDataSource pool;

    /** The pool stays the caller's to close. */
    public JdbcDestinationIdentity(HikariDataSource pool) {
        this.pool = pool;
    }

    @Override
    public String ask() throws OutageException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            boolean allowed = text(statement, "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
                    .equals("t");
            String cluster =
                    allowed ? text(statement, "SELECT system_identifier::text FROM pg_control_system()") : "unknown";
            return cluster + "/"
                    + text(statement, "SELECT oid::text FROM pg_database WHERE datname = current_database()");
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the destination which database it is", failure);
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
