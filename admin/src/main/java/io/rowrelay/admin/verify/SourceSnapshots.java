package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The source, looked at in snapshots that can be named. Only read. Not thread-safe. */
final class SourceSnapshots {
    private final TableSession session;
    private final ComparedTable table;
    private final String changes;

    /**
     * Rows and the snapshot that shows them.
     *
     * @param snapshot as PostgreSQL prints a pg_snapshot
     * @param states by what was asked for
     */
    record Read(String snapshot, Map<RowKey, RowState> states) {}

    SourceSnapshots(TableSession session, ComparedTable table, ChangeTable changes, ComparedSql sql) {
        this.session = session;
        this.table = table;
        this.changes = "SELECT " + sql.state() + ", r.action_id FROM " + changes.name()
                + " r WHERE r.action_id = ANY (?) AND r.action <> 'DELETE'"
                + " AND NOT " + WindowRule.visible("r", WindowRule.PARAMETER);
    }

    /** Reads rows, all in one snapshot. */
    Read read(List<RowKey> keys) throws OutageException {
        return session.run("reading rows in a snapshot of the source", connection -> {
            Query.update(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            String snapshot = Query.one(connection, "SELECT " + WindowRule.NOW + "::text", row -> row.getString(1));
            return new Read(snapshot, table.states(connection, keys));
        });
    }

    /**
     * Returns the row as changes with these action_ids have it, by action_id: of those that are committed, not visible in the
     * snapshot, and no deletions.
     */
    Map<String, RowState> changesAfter(String snapshot, Collection<String> actionIds) throws OutageException {
        Map<String, RowState> found = new HashMap<>();
        session.list(
                "reading changes of the source",
                changes,
                row -> found.put(row.getString("action_id"), table.state(row, 1)),
                actionIds.stream().map(Long::valueOf).toArray(Long[]::new),
                snapshot);
        return found;
    }
}
