package io.rowrelay.admin.backfill;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.StreamLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where the source remembers how far a stream's backfill has come: its row in cdc_backfill. Not thread-safe. */
final class BackfillTable {
    private final TableSession session;
    private final String stream;
    private final int keyColumns;

    BackfillTable(StreamTables tables) throws OutageException {
        this.session = tables.source();
        this.stream = tables.isOfMany()
                ? StreamBackfillTable.ofTable(tables.stream(), tables.settings().sourceTable())
                : tables.stream();
        this.keyColumns = tables.sourceKey().key().size();
    }

    /** Makes sure that only one backfill of the stream runs; returns whether no other does. */
    boolean lock() throws OutageException {
        return session.run("taking the lock of backfills", StreamLock.ofBackfill(stream)::tryTake);
    }

    /** What an unfinished backfill has left. */
    Optional<BackfillProgress> find() throws OutageException {
        return run(connection -> Query.first(
                connection,
                "SELECT condition, last_key, rows_done, rows_written, dead_letters FROM {cdc_backfill} WHERE stream = ?",
                this::read,
                stream));
    }

    private BackfillProgress read(ResultSet row) throws SQLException {
        List<String> key = List.of((String[]) row.getArray(2).getArray());
        if (key.size() != keyColumns) {
            throw new CommandFailedException(
                    "a backfill is unfinished, and the primary key has changed since:" + " start over with --restart");
        }
        return new BackfillProgress(row.getString(1), new RowKey(key), row.getLong(3), row.getLong(4), row.getLong(5));
    }

    /** Stores the progress, which has a last key. */
    void save(BackfillProgress progress) throws OutageException {
        RowKey last = Objects.requireNonNull(progress.last(), "nothing is done yet");
        run(connection -> Query.update(
                connection,
                """
                INSERT INTO {cdc_backfill} (stream, condition, last_key, rows_done, rows_written, dead_letters)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (stream) DO UPDATE SET
                    condition = EXCLUDED.condition, last_key = EXCLUDED.last_key, rows_done = EXCLUDED.rows_done,
                    rows_written = EXCLUDED.rows_written, dead_letters = EXCLUDED.dead_letters, updated_at = EXCLUDED.updated_at""",
                stream,
                progress.where(),
                last.values().toArray(String[]::new),
                progress.rows(),
                progress.written(),
                progress.deadLetters()));
    }

    /** Deletes the stored progress. */
    void remove() throws OutageException {
        run(connection -> Query.update(connection, "DELETE FROM {cdc_backfill} WHERE stream = ?", stream));
    }

    private <T> T run(TableSession.Work<T> work) throws OutageException {
        return session.run("remembering how far the backfill is", work);
    }
}
