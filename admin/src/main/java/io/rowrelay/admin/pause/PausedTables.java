package io.rowrelay.admin.pause;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.ApplyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a stream of many whose changes the consumer leaves out. The list is in the row that the consumer moves with every
 * window, so that no window is applied with an older list.
 */
record PausedTables(StreamTables tables) {
    /** Leaves out the changes of these tables from now on; those that are paused already stay as they are. */
    void pause(List<RegisteredTable> chosen, String by) throws OutageException {
        update("pausing tables", """
                UPDATE {cdc_applied} SET paused_tables = (
                    SELECT jsonb_object_agg(name, jsonb_build_object('by', ?::text, 'since', clock_timestamp()))
                    FROM unnest(?::text[]) AS chosen (name)) || paused_tables
                WHERE stream = ? RETURNING stream""", by, names(chosen), tables.stream());
    }

    /** Leaves them out no more. What was found equal before counts for nothing then, so a broken state is one from now on. */
    void resume(List<RegisteredTable> chosen) throws OutageException {
        update("resuming tables", """
                UPDATE {cdc_applied} SET paused_tables = paused_tables - ?::text[],
                    broken_since = broken_since + interval '1 microsecond'
                WHERE stream = ? RETURNING stream""", names(chosen), tables.stream());
    }

    private void update(String doing, String sql, Object... parameters) throws OutageException {
        Optional<String> found = tables.destination()
                .run(doing, connection -> Query.first(connection, sql, row -> row.getString(1), parameters));
        if (found.isEmpty()) {
            throw new CommandFailedException(
                    tables.mode() == ApplyMode.ROWS
                            ? "stream " + tables.stream()
                                    + " is applied row by row, where tables cannot be paused: leave out --table to pause all of it"
                            : "the destination does not know stream " + tables.stream() + ": run "
                                    + Programs.command("init"));
        }
    }

    private static String[] names(List<RegisteredTable> chosen) {
        return chosen.stream().map(RegisteredTable::name).toArray(String[]::new);
    }

    /** Pairs of a child and its parent of which only one is paused, in words. */
    static List<String> cutForeignKeys(List<RegisteredTable> stream, List<String> paused) {
        List<String> pairs = new ArrayList<>();
        for (RegisteredTable child : stream) {
            child.parents().stream()
                    .filter(parent -> paused.contains(parent) != paused.contains(child.name()))
                    .sorted()
                    .forEach(parent -> pairs.add(child.name() + " to " + parent));
        }
        return pairs;
    }
}
