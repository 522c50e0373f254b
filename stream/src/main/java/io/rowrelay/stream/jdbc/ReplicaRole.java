package io.rowrelay.stream.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * {@code session_replication_role = replica}, for sessions that write what another database has decided: triggers, rules,
 * foreign keys and their cascades have acted in the source already, and acting again in the destination would make the rows
 * differ.
 */
public final class ReplicaRole {
    private static final String SET = "SELECT set_config('session_replication_role', 'replica', false)"
            + " WHERE current_setting('session_replication_role') <> 'replica' AND ";

    /** From this major version on the right can be granted; before, only a superuser has it. */
    private static final int GRANTABLE = 15;

    private ReplicaRole() {}

    /**
     * Gives the session that role where it may have it. It does not try where it may not: the server would log an error each
     * time. In a transaction it lasts for as long as that is not rolled back.
     */
    public static void take(Connection connection) throws SQLException {
        boolean grantable = connection.getMetaData().getDatabaseMajorVersion() >= GRANTABLE;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SET
                    + (grantable
                            ? "has_parameter_privilege('session_replication_role', 'SET')"
                            : "(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"));
        }
    }
}
