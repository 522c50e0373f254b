package io.rowrelay.admin.backfill;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.KeyCatalog;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where the source remembers how far a stream's backfill has come: its row in cdc_backfill. Not thread-safe. */
final class BackfillTable {
    private final Connection connection;
    private final String stream;
    private final int keyColumns;

    /** The row of the tables' stream. */
    static BackfillTable read(StreamTables tables) throws OutageException {
        return tables.read(
                "reading the definition of " + tables.names().source(),
                (source, destination) -> new BackfillTable(
                        source,
                        tables.names().stream(),
                        KeyCatalog.read(source, tables.names().source()).key().size()));
    }

    private BackfillTable(Connection connection, String stream, int keyColumns) {
        this.connection = connection;
        this.stream = stream;
        this.keyColumns = keyColumns;
    }

    /** Some work on the table, in a transaction of its own. */
    @FunctionalInterface
    private interface Work<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** Makes sure that only one backfill of the stream runs; returns whether no other does. */
    boolean lock() throws OutageException {
        return run("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", statement -> {
            statement.setString(1, "rowrelay backfill of stream " + stream);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    /** What a backfill has left that did not come to its end. */
    Optional<BackfillProgress> find() throws OutageException {
        return run(
                "SELECT condition, last_key, rows_done, rows_written, dead_letters FROM cdc_backfill WHERE stream = ?",
                statement -> {
                    statement.setString(1, stream);
                    try (ResultSet row = statement.executeQuery()) {
                        return row.next() ? Optional.of(read(row)) : Optional.<BackfillProgress>empty();
                    }
                });
    }

    private BackfillProgress read(ResultSet row) throws SQLException {
        List<String> key = List.of((String[]) row.getArray(2).getArray());
        if (key.size() != keyColumns) {
            throw new CommandFailedException("a backfill has not come to its end, and the primary key is another since:"
                    + " begin anew with --restart");
        }
        return new BackfillProgress(row.getString(1), new RowKey(key), row.getLong(3), row.getLong(4), row.getLong(5));
    }

    /** Remembers it instead of what was. It has a last key. */
    void save(BackfillProgress progress) throws OutageException {
        RowKey last = Objects.requireNonNull(progress.last(), "nothing is done yet");
        run("""
                INSERT INTO cdc_backfill (stream, condition, last_key, rows_done, rows_written, dead_letters)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (stream) DO UPDATE SET
                    condition = EXCLUDED.condition, last_key = EXCLUDED.last_key, rows_done = EXCLUDED.rows_done,
                    rows_written = EXCLUDED.rows_written, dead_letters = EXCLUDED.dead_letters, updated_at = EXCLUDED.updated_at""", statement -> {
            statement.setString(1, stream);
            statement.setString(2, progress.where());
            statement.setArray(3, connection.createArrayOf("text", last.values().toArray()));
            statement.setLong(4, progress.rows());
            statement.setLong(5, progress.written());
            statement.setLong(6, progress.deadLetters());
            return statement.executeUpdate();
        });
    }

    /** Remembers nothing. */
    void remove() throws OutageException {
        run("DELETE FROM cdc_backfill WHERE stream = ?", statement -> {
            statement.setString(1, stream);
            return statement.executeUpdate();
        });
    }

    private <T> T run(String sql, Work<T> work) throws OutageException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            T result = work.run(statement);
            connection.commit();
            return result;
        } catch (SQLException failure) {
            if (SqlFailures.isMissingTable(failure)) {
                throw new CommandFailedException("the source database has no table cdc_backfill: run sql/source/*.sql"
                        + " once more, in name order; that is harmless");
            }
            throw SqlFailures.outage("remembering how far the backfill is", failure);
        }
    }
}
