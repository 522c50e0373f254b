package io.rowrelay.producer.jdbc;

import io.rowrelay.stream.jdbc.ChangeTable;

/**
 * The three statements that read a change table by the window rule. Each returns the definition of the table's columns
 * first, so that it does not go unnoticed when that has changed since they were written.
 *
 * <p>The rule is that of PgQ: rows whose xid is visible in S2 and not in S1, in the order of action_id. Not visible in S1
 * means xid >= xmax(S1), or among the transactions that ran at S1. The two arms are kept apart by UNION ALL, since joined
 * by OR they make the planner read the whole table.
 *
 * <p>What the planner estimates at the tail of the table is always stale, so nothing is left to it: each arm names a
 * condition that only the intended index serves, and the session has sequential and bitmap scans off. LATERAL with OFFSET 0
 * makes the ended transactions the outer side of the join: planned on an empty table, a plain join reads all of the change
 * table for each poll. Above xmax(S2) nothing is visible, but a bulk load that is still open can have written millions of
 * rows there, which each poll would visit for as long as nobody else writes.
 *
 * <p>What is found stands in a WITH for the sake of its parameters, which come first so, and is not kept before it is printed.
 */
final class PageStatements {
    static final String NOW = "pg_current_snapshot()";
    private static final String SNAPSHOT = "?::pg_snapshot";

    private final ChangeTable table;
    private final ChangeRows rows;

    /** The first and the last return {@code rows}. */
    PageStatements(ChangeTable table, ChangeRows rows) {
        this.table = table;
        this.rows = rows;
    }

    /**
     * A small window whole, through the index on (xid, action_id). Parameters: S1, limit, S1, limit, limit, largest value.
     * Since the statement's own snapshot is S2, all that it sees is visible in S2. More rows than the limit mean that
     * the window is not small and the rows are not the first ones. They come in the order of action_id.
     */
    String smallWindow() {
        return """
                WITH found AS NOT MATERIALIZED (
                    SELECT * FROM (
                        (SELECT c.* FROM %1$s c
                         WHERE %4$s LIMIT ?)
                        UNION ALL
                        (SELECT e.* FROM %5$s
                         CROSS JOIN LATERAL (SELECT c.* FROM %1$s c WHERE c.xid = ended.x OFFSET 0) e LIMIT ?)
                    ) both_arms ORDER BY action_id LIMIT ?
                )
                SELECT %2$s, pg_current_snapshot()::text, %3$s""".formatted(
                table.name(), table.definitionNow(), rows.selected("found"), later(SNAPSHOT), ended(SNAPSHOT, NOW));
    }

    /**
     * Takes S2, the size of the window, and the id where its later arm begins: past all ids when it has none. Parameters: S1,
     * S1.
     */
    String openWindow() {
        return """
                SELECT %2$s, pg_current_snapshot()::text,
                       count(*), coalesce(min(action_id) FILTER (WHERE later), 9223372036854775807)
                FROM (SELECT c.action_id, true AS later FROM %1$s c
                      WHERE %3$s
                      UNION ALL
                      SELECT e.action_id, false FROM %4$s
                      CROSS JOIN LATERAL (SELECT c.action_id FROM %1$s c WHERE c.xid = ended.x OFFSET 0) e) w""".formatted(table.name(), table.definitionNow(), later(SNAPSHOT), ended(SNAPSHOT, NOW));
    }

    /**
     * A page of an open window: the later transactions through the primary key, each of those that ran at S1 through the
     * index on (xid, action_id), merged. Parameters: action_id after which to begin (later arm), S1, S2, limit, S1, S2,
     * action_id after which to begin (ended arm), limit, limit, largest value.
     *
     * <p>CASE keeps the planner from taking the condition on xid to the other index, where each page would have to sort
     * the whole window anew. The later arm is merged as it is read; what the ended transactions wrote is sorted before, a page
     * of each at most.
     */
    String pageOfWindow() {
        return """
                WITH found AS NOT MATERIALIZED (
                    SELECT * FROM (
                        (SELECT c.* FROM %1$s c
                         WHERE c.action_id > ?
                           AND CASE WHEN c.xid >= pg_snapshot_xmax(?::pg_snapshot)
                               THEN pg_visible_in_snapshot(c.xid, ?::pg_snapshot) ELSE false END
                         ORDER BY c.action_id LIMIT ?)
                        UNION ALL
                        (SELECT e.* FROM %4$s
                         CROSS JOIN LATERAL (SELECT c.* FROM %1$s c WHERE c.xid = ended.x AND c.action_id > ?
                                             ORDER BY c.action_id LIMIT ?) e)
                    ) both_arms ORDER BY action_id LIMIT ?
                )
                SELECT %2$s, NULL::text, %3$s""".formatted(table.name(), table.definitionNow(), rows.selected("found"), ended(SNAPSHOT, SNAPSHOT));
    }

    /** The condition on change {@code c} that its transaction began after a snapshot and can be seen by the statement. */
    static String later(String snapshot) {
        return "c.xid >= pg_snapshot_xmax(%s) AND c.xid < pg_snapshot_xmax(%s)".formatted(snapshot, NOW);
    }

    /** What to select from: as {@code ended.x}, the transactions that ran at a snapshot and are visible in another. */
    static String ended(String snapshot, String in) {
        return "unnest(ARRAY(SELECT x FROM pg_snapshot_xip(%s) x WHERE pg_visible_in_snapshot(x, %s))) ended(x)"
                .formatted(snapshot, in);
    }
}
