package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The source's WAL, which has to be on its disk up to the state that a cut shows. The end of a transaction that was rolled back, or
 * committed with synchronous_commit off, lies in memory for a while. A crash in that time makes the source give the same transaction
 * ids again, and a destination to which they count as ended would take the changes of the new transactions for applied ones. Not
 * thread-safe.
 */
final class SourceWal {
    /** The commit waits for the disk: of this message, and so of everything before it. */
    private static final String FLUSH = "SET LOCAL synchronous_commit = local;"
            + " SELECT pg_catalog.pg_logical_emit_message(true, 'rowrelay', '')";

    private final Connection connection;

    SourceWal(Connection connection) {
        this.connection = connection;
    }

    /** Returns when all up to this end of the WAL, a pg_lsn, is on disk. */
    void flush(String end) throws SQLException {
        boolean flushed =
                Query.one(connection, "SELECT pg_current_wal_flush_lsn() >= ?::pg_lsn", row -> row.getBoolean(1), end);
        if (!flushed) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(FLUSH);
            }
        }
        connection.commit();
    }
}
