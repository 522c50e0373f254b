package io.rowrelay.stream.record;

import java.util.Set;

/** Names of the bookkeeping fields that every published change carries beside the columns of its row. */
public final class Envelope {
    /** Identifies a change and orders the changes of one key; a positive integer. */
    public static final String ACTION_ID = "action_id";
    /** What happened: one of {@link Action}. */
    public static final String ACTION = "action";
    /** When the trigger wrote the change, ISO 8601 with time zone. */
    public static final String CHANGED_AT = "changed_at";
    /** The transaction of the change at the source; accepted on the topic, not published. */
    public static final String XID = "xid";

    /**
     * The largest action_id of a change. The sequence of the source could go on to twice as much: whoever writes such numbers to the
     * topic must not bring it near its end.
     */
    public static final long LARGEST_ACTION_ID = 1L << 62;

    /** Every bookkeeping name; {@link ColumnNames} says what a column of such a name is called. */
    public static final Set<String> FIELDS = Set.of(ACTION_ID, ACTION, CHANGED_AT, XID);

    private Envelope() {}
}
