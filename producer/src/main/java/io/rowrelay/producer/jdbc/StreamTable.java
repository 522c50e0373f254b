package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of a stream of several, over the connection of a session. Small windows are read by a statement that the server has
 * prepared under a name, so that those of several tables go to the server together; a large one by {@link WindowReader}. Most tables
 * of many do not change for long, so what reading takes is made when it is needed first. Not thread-safe.
 */
final class StreamTable {
    /** Values up to this size are read many at a time. */
    private static final int LARGEST_VALUE = 8 << 10;

    private final CapturedTable captured;
    private final ChangeTable changes;
    private final PageStatements statements;
    private final ChangeRows rows;
    private final WindowReader reader;
    private final String prepared;
    private final int largestValue;

    private StreamTable(
            CapturedTable captured,
            ChangeTable changes,
            ChangeRows rows,
            WindowReader reader,
            String prepared,
            int largestValue) {
        this.captured = captured;
        this.changes = changes;
        this.rows = rows;
        this.statements = new PageStatements(changes, rows);
        this.reader = reader;
        this.prepared = prepared;
        this.largestValue = largestValue;
    }

    /** Reads what the statements need to know of it; {@code number} is that of the table in the session. */
    static StreamTable open(
            Connection connection, CapturedTable captured, int number, SourceOptions options, WindowWork work)
            throws SQLException, OutageException {
        ChangeTable changes =
                ChangeTableCatalog.readOfStream(connection, captured.sourceTable(), captured.changeTable());
        connection.commit();
        int largest = Math.min(LARGEST_VALUE, options.largestValueBytes());
        ChangeRows rows =
                TextRows.of(captured, changes, largest, true).orElseGet(() -> new JsonRows(captured, changes, true));
        WindowReader reader = new WindowReader(connection, captured, changes, options, work, true);
        return new StreamTable(captured, changes, rows, reader, "rowrelay_window_" + number, largest);
    }

    CapturedTable captured() {
        return captured;
    }

    ChangeTable changes() {
        return changes;
    }

    /** How many changes may be read before it is known how many there are. */
    int mostUnmeasured() {
        return rows.mostUnmeasured();
    }

    /** A statement that prepares the server. */
    String preparation() {
        return "PREPARE " + prepared + " (pg_snapshot, pg_snapshot, bigint) AS "
                + statements.smallWindowUpTo(largestValue);
    }

    /** A statement that reads a window of at most {@code limit} changes whole. */
    String execution(String s1, String s2, int limit) {
        return "EXECUTE " + prepared + "('" + s1 + "', '" + s2 + "', " + (limit + 1) + ")";
    }

    /** The changes that it has returned; empty where the window is larger, or has a change that is not narrow. */
    Optional<List<Change>> read(ResultSet row, int limit) throws SQLException, OutageException {
        List<Change> changed = new ArrayList<>();
        long last = Long.MIN_VALUE;
        while (row.next()) {
            if (changed.isEmpty()) {
                statements.refuseAltered(row.getLong(1));
            }
            long actionId = row.getLong(ChangeRows.ACTION_ID);
            if (row.wasNull()) {
                break;
            }
            if (actionId <= last) {
                throw new IllegalStateException(
                        "change " + actionId + " of " + changes.name() + " came after change " + last);
            }
            Optional<Change> change = rows.change(row, actionId);
            if (change.isEmpty() || change.get().value() == null || changed.size() == limit) {
                return Optional.empty();
            }
            changed.add(change.get());
            last = actionId;
        }
        return Optional.of(changed);
    }

    /** A page of a window that is not small. */
    Page page(Checkpoint within) throws SQLException, OutageException {
        return reader.read(within);
    }
}
