package io.rowrelay.stream.window.jdbc;

/**
 * The window rule, as fragments of SQL over a change table. It is that of PgQ: the window (S1, S2] has the changes whose
 * transaction is visible in snapshot S2 and not in snapshot S1, in the order of action_id. docs/design/reliability.md has
 * the proof.
 *
 * <p>Not visible in S1 means xid >= xmax(S1), or among the transactions that ran at S1. The two arms are kept apart, since
 * joined by OR they make the planner read the whole table. The planner's estimates at the tail of the table are always stale,
 * so nothing depends on them: each arm names a condition that only the intended index serves, and the session has
 * sequential and bitmap scans off. LATERAL with OFFSET 0 makes the ended transactions the outer side of the join: planned on
 * an empty table, a plain join reads all of the change table for each look. Above xmax(S2) nothing is visible, but a bulk
 * load that is still open can have written millions of rows there, which each look would visit.
 *
 * <p>A snapshot is given as an expression of type pg_snapshot. The change table's name is quoted; in each fragment {@code c}
 * is the change. The description of a fragment with parameters ends with their order.
 */
public final class WindowRule {
    /** S2 of a statement that reads up to now: it sees no change that is not visible in it. */
    public static final String NOW = "pg_current_snapshot()";

    /** A snapshot that is a parameter of the statement, as text. */
    public static final String PARAMETER = "?::pg_snapshot";

    private WindowRule() {}

    /**
     * The arm of the transactions that began after S1: FROM and WHERE, through the index on (xid, action_id). S1, S2; without
     * {@link #NOW} S2 twice.
     */
    public static String later(String changeTable, String s1, String s2) {
        return "FROM %s c WHERE c.xid >= pg_snapshot_xmax(%s) AND c.xid < pg_snapshot_xmax(%s)"
                        .formatted(changeTable, s1, s2)
                + (s2.equals(NOW) ? "" : " AND " + visible("c", s2));
    }

    /**
     * The arm of the transactions that ran at S1 and are visible in S2: FROM, through the index on (xid, action_id). S1, S2.
     */
    public static String ended(String changeTable, String s1, String s2) {
        return ended(changeTable, s1, s2, "OFFSET 0");
    }

    /** The same arm, of each transaction only the first changes behind an action_id. S1, S2, action_id, how many. */
    public static String endedInPages(String changeTable, String s1, String s2) {
        return ended(changeTable, s1, s2, "AND c.action_id > ? ORDER BY c.action_id LIMIT ?");
    }

    private static String ended(String changeTable, String s1, String s2, String rest) {
        return ("FROM unnest(ARRAY(SELECT x FROM pg_snapshot_xip(%2$s) x WHERE pg_visible_in_snapshot(x, %3$s))) ended(x)"
                        + " CROSS JOIN LATERAL (SELECT c.* FROM %1$s c WHERE c.xid = ended.x %4$s) c")
                .formatted(changeTable, s1, s2, rest);
    }

    /** A condition: the window has a change. Parameters as in {@link #later}, then as in {@link #ended}. */
    public static String hasChanges(String changeTable, String s1, String s2) {
        return "(EXISTS (SELECT %s) OR EXISTS (SELECT %s))"
                .formatted(later(changeTable, s1, s2), ended(changeTable, s1, s2));
    }

    /**
     * A condition on a change that is read in the order of action_id: it is in the later arm. CASE keeps the planner from
     * taking the condition on xid to the other index, where each page would have to sort the whole window again. S1, S2.
     */
    public static String isLater(String s1, String s2) {
        return "CASE WHEN c.xid >= pg_snapshot_xmax(%s) THEN %s ELSE false END".formatted(s1, visible("c", s2));
    }

    /** A condition on a change that is read in the order of action_id: it is in the window. S2, S1. */
    public static String isInWindow(String s1, String s2) {
        return visible("c", s2) + " AND NOT " + visible("c", s1);
    }

    /** A condition on a change: a snapshot shows it. */
    public static String visible(String change, String snapshot) {
        return "pg_visible_in_snapshot(%s.xid, %s)".formatted(change, snapshot);
    }

    /** A condition on a change: a snapshot does not show it. The index on (xid, action_id) leads to such changes. The snapshot twice. */
    public static String behind(String change, String snapshot) {
        return "%s.xid >= pg_snapshot_xmin(%s) AND NOT ".formatted(change, snapshot) + visible(change, snapshot);
    }

    /** A condition: one of some transactions, an expression of type xid8[], has ended by a snapshot. */
    public static String hasEnded(String transactions, String snapshot) {
        return "EXISTS (SELECT FROM unnest(%s) w(xid) WHERE %s)".formatted(transactions, visible("w", snapshot));
    }

    /** A condition on a transaction id: a snapshot shows its transaction and all that began before. */
    public static String allVisible(String xid, String snapshot) {
        return "%s < pg_snapshot_xmin(%s)".formatted(xid, snapshot);
    }
}
