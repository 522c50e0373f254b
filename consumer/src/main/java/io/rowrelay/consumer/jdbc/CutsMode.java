package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.SQLException;

/** Whether a destination has been prepared to apply a stream in cuts: then it has a row in cdc_applied. */
public final class CutsMode {
    /** A destination that was installed before has no such table, and a role that applies rows need not see it. */
    private static final String VISIBLE =
            "SELECT coalesce(has_table_privilege(" + RolePath.table("'cdc_applied'") + ", 'SELECT'), false)";

    private final HikariDataSource pool;
    private final String stream;

    /** The pool stays the caller's to close. */
    public CutsMode(HikariDataSource pool, String stream) {
        this.pool = pool;
        this.stream = stream;
    }

    /** Asks. */
    public boolean isOn() throws OutageException {
        try (Connection connection = pool.getConnection()) {
            boolean visible = Query.one(connection, VISIBLE, row -> row.getBoolean(1));
            return visible
                    && Query.one(
                            connection,
                            RolePath.qualified(
                                    connection, "SELECT EXISTS (SELECT FROM {cdc_applied} WHERE stream = ?)"),
                            row -> row.getBoolean(1),
                            stream);
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the destination how it applies the stream", failure);
        }
    }
}
