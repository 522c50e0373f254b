package io.rowrelay.consumer.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.jdbc.StoredMode;
import java.sql.Connection;
import java.sql.SQLException;

/** How a destination applies a stream. */
public final class JdbcApplyMode {
    private final HikariDataSource pool;
    private final String stream;

    /** The pool stays the caller's to close. */
    public JdbcApplyMode(HikariDataSource pool, String stream) {
        this.pool = pool;
        this.stream = stream;
    }

    /** Asks. */
    public ApplyMode ask() throws OutageException {
        try (Connection connection = pool.getConnection()) {
            return StoredMode.read(connection, stream).orElse(ApplyMode.ONE_TABLE);
        } catch (SQLException failure) {
            throw SqlFailures.outage("asking the destination how it applies the stream", failure);
        }
    }
}
