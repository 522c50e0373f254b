package io.rowrelay.admin.backfill;

import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.StreamLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the source remembers which tables of a stream of many are done: the row of the stream in cdc_backfill has their names
 * where that of a stream of one table has a key. The table in work has a row of its own. Not thread-safe.
 */
record StreamBackfillTable(TableSession session, String stream) {

    /**
     * The part that is done.
     *
     * @param wanted what it was begun for, as typed
     * @param tables those that are done
     * @param rows how many rows they have
     * @param written how many of them were written
     * @param deadLetters how many dead letters there had ever been when it began
     */
    record Done(String wanted, List<String> tables, long rows, long written, long deadLetters) {
        Done {
            tables = List.copyOf(tables);
        }

        /** Adds a table. */
        Done with(String table, BackfillProgress of) {
            List<String> more = new ArrayList<>(tables);
            more.add(table);
            return new Done(wanted, more, rows + of.rows(), written + of.written(), deadLetters);
        }
    }

    /** What the row of a table is called; a slash is in no name of a stream of many tables. */
    static String ofTable(String stream, String table) {
        return stream + "/" + table;
    }

    /** Makes sure that only one backfill of the stream runs; returns whether no other does. */
    boolean lock() throws OutageException {
        return session.run("taking the lock of backfills", StreamLock.ofBackfill(stream)::tryTake);
    }

    Optional<Done> find() throws OutageException {
        return run(connection -> Query.first(
                connection,
                "SELECT condition, last_key, rows_done, rows_written, dead_letters FROM {cdc_backfill} WHERE stream = ?",
                StreamBackfillTable::done,
                stream));
    }

    private static Done done(ResultSet row) throws SQLException {
        return new Done(
                row.getString(1),
                List.of((String[]) row.getArray(2).getArray()),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5));
    }

    /** Stores it, and forgets how far the table was that is done now. */
    void save(Done done) throws OutageException {
        run(connection -> {
            Query.update(
                    connection,
                    """
                    INSERT INTO {cdc_backfill} (stream, condition, last_key, rows_done, rows_written, dead_letters)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (stream) DO UPDATE SET
                        condition = EXCLUDED.condition, last_key = EXCLUDED.last_key, rows_done = EXCLUDED.rows_done,
                        rows_written = EXCLUDED.rows_written, dead_letters = EXCLUDED.dead_letters, updated_at = EXCLUDED.updated_at""",
                    stream,
                    done.wanted(),
                    done.tables().toArray(String[]::new),
                    done.rows(),
                    done.written(),
                    done.deadLetters());
            return Query.update(
                    connection,
                    "DELETE FROM {cdc_backfill} WHERE starts_with(stream, ?) AND substr(stream, ?) = ANY (?)",
                    ofTable(stream, ""),
                    ofTable(stream, "").length() + 1,
                    done.tables().toArray(String[]::new));
        });
    }

    /** Forgets all of it. */
    void remove() throws OutageException {
        run(connection -> Query.update(
                connection,
                "DELETE FROM {cdc_backfill} WHERE stream = ? OR starts_with(stream, ?)",
                stream,
                ofTable(stream, "")));
    }

    private <T> T run(TableSession.Work<T> work) throws OutageException {
        return session.run("remembering how far the backfill is", work);
    }
}
