package io.rowrelay.common.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Whether a server is a standby, which cannot be written to and lags behind its primary. */
public final class Standby {
    /** The question in SQL. */
    static final String IS_STANDBY = "pg_is_in_recovery()";

    private Standby() {}

    /** Asks the server. */
    public static boolean is(Connection connection) throws SQLException {
        return Query.one(connection, "SELECT " + IS_STANDBY, row -> row.getBoolean(1));
    }
}
