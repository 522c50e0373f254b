package io.rowrelay.stream.apply.jdbc;

/**
 * The fence: a change takes effect if and only if its action_id is larger than that of the row and that of the row's
 * tombstone. A deletion that is older than the row moves only the tombstone. See docs/design/reliability.md for the proof that
 * this converges. These are its conditions in SQL; in the statements of {@link ApplyStatements} {@code shown} is the row and
 * {@code t} the tombstone.
 */
final class FenceRule {
    /** A deletion moves the tombstone on, never back. */
    static final String NEWER_THAN_THE_TOMBSTONE = "t.action_id < EXCLUDED.action_id";

    private FenceRule() {}

    /** The change is newer than the row; a row that was written by hand has no action_id and gives way. */
    static String newerThanTheRow(String fence, String actionId) {
        return "shown." + fence + " IS NULL OR shown." + fence + " < " + actionId;
    }

    /** No tombstone of the key is as new as the change; the parenthesis is left open for what the planner has to be told. */
    static String noNewerTombstone(String stream, String key, String actionId) {
        return "NOT EXISTS (SELECT FROM {cdc_tombstone} t WHERE t.stream = " + stream + " AND t.key = " + key
                + " AND t.action_id + 0 >= " + actionId;
    }
}
