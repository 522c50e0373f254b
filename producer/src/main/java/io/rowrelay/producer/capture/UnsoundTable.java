package io.rowrelay.producer.capture;

/** What to do with a table of a stream of several whose capture is not sound. */
public enum UnsoundTable {
    /** Stop the stream: without the table, a cut would be no state of the source. */
    STOP,
    /** Publish the others. */
    LEAVE_OUT
}
