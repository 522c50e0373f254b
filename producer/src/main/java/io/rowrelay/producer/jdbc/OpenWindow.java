package io.rowrelay.producer.jdbc;

/**
 * A window that is read in pages.
 *
 * @param snapshot its S2
 * @param laterArmAfter the action_id behind which its later arm begins
 * @param remaining how many changes are still to be read
 * @param small whether it could have been read without being measured, as far as is known
 */
record OpenWindow(String snapshot, long laterArmAfter, long remaining, boolean small) {
    OpenWindow after(ReadChanges page) {
        long left = Math.max(0, remaining - page.changes().size());
        return new OpenWindow(snapshot, laterArmAfter, left, small && !page.isCutShort());
    }
}
