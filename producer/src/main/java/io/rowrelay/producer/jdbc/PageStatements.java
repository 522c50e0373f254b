package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;

/**
 * The three statements that read a window of a change table, by {@link WindowRule}. Each returns the definition of the table's
 * columns first, which shows whether it has changed since the statements were written.
 *
 * <p>The rows are found in a WITH, so that its parameters come first; they are not kept before they are printed.
 */
public final class PageStatements {
    private final ChangeTable table;
    private final ChangeRows rows;

    /** The first and the last return {@code rows}. */
    public PageStatements(ChangeTable table, ChangeRows rows) {
        this.table = table;
        this.rows = rows;
    }

    /** The name of the change table. */
    String table() {
        return table.name();
    }

    ChangeRows form() {
        return rows;
    }

    /** To be asked with the first column of a row. */
    void refuseAltered(long definition) throws OutageException {
        if (definition != table.definition()) {
            throw new OutageException(
                    "the columns of " + table.name() + " have changed; reading its definition again", null);
        }
    }

    /**
     * A small window whole, through the index on (xid, action_id). Parameters: S1, limit, S1, limit, limit, largest value.
     * Since the statement's own snapshot is S2, all that it sees is visible in S2. More rows than the limit mean that
     * the window is not small and the rows are not the first ones. They come in the order of action_id.
     */
    public String smallWindow() {
        return """
                WITH found AS NOT MATERIALIZED (
                    SELECT * FROM (
                        (SELECT c.* %1$s LIMIT ?)
                        UNION ALL
                        (SELECT c.* %2$s LIMIT ?)
                    ) both_arms ORDER BY action_id LIMIT ?
                )
                SELECT %3$s, pg_current_snapshot()::text, %4$s""".formatted(later(), ended(), table.definitionNow(), rows.selected("found"));
    }

    /**
     * A small window whole up to a given snapshot, as a statement for PREPARE. Parameters: S1, S2, limit. As with {@link
     * #smallWindow}, more rows than the limit mean that the window is not small.
     */
    String smallWindowUpTo(int largestValue) {
        String later = WindowRule.later(table.name(), "$1", "$2");
        String ended = WindowRule.ended(table.name(), "$1", "$2");
        return """
                WITH found AS NOT MATERIALIZED (
                    SELECT * FROM (
                        (SELECT c.* %1$s LIMIT $3)
                        UNION ALL
                        (SELECT c.* %2$s LIMIT $3)
                    ) both_arms ORDER BY action_id LIMIT $3
                )
                SELECT %3$s, NULL::text, %4$s""".formatted(
                        later, ended, table.definitionNow(), rows.selected("found", Integer.toString(largestValue)));
    }

    /**
     * Takes S2, the size of the window, and the id where its later arm begins: past all ids when it has none. Parameters: S1,
     * S1.
     */
    public String openWindow() {
        return """
                SELECT %3$s, pg_current_snapshot()::text,
                       count(*), coalesce(min(action_id) FILTER (WHERE later), 9223372036854775807)
                FROM (SELECT c.action_id, true AS later %1$s
                      UNION ALL
                      SELECT c.action_id, false %2$s) w""".formatted(later(), ended(), table.definitionNow());
    }

    /**
     * A page of an open window: the later transactions through the primary key, each of those that ran at S1 through the
     * index on (xid, action_id), merged. Parameters: action_id after which to begin (later arm), S1, S2, limit, S1, S2,
     * action_id after which to begin (ended arm), limit, limit, largest value.
     *
     * <p>The later arm is merged as it is read; what the ended transactions wrote is sorted before, a page of each at most.
     */
    public String pageOfWindow() {
        return """
                WITH found AS NOT MATERIALIZED (
                    SELECT * FROM (
                        (SELECT c.* FROM %1$s c WHERE c.action_id > ? AND %2$s
                         ORDER BY c.action_id LIMIT ?)
                        UNION ALL
                        (SELECT c.* %3$s)
                    ) both_arms ORDER BY action_id LIMIT ?
                )
                SELECT %4$s, NULL::text, %5$s""".formatted(
                        table.name(),
                        WindowRule.isLater(WindowRule.PARAMETER, WindowRule.PARAMETER),
                        WindowRule.endedInPages(table.name(), WindowRule.PARAMETER, WindowRule.PARAMETER),
                        table.definitionNow(),
                        rows.selected("found"));
    }

    private String later() {
        return WindowRule.later(table.name(), WindowRule.PARAMETER, WindowRule.NOW);
    }

    private String ended() {
        return WindowRule.ended(table.name(), WindowRule.PARAMETER, WindowRule.NOW);
    }
}
