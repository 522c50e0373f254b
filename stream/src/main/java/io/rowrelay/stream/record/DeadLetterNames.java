package io.rowrelay.stream.record;

/** Names of a dead letter's headers: those of Kafka Connect, so that existing tools read them, and ours beside them. */
public final class DeadLetterNames {
    /** All names that say why it was rejected and where it was begin with this. */
    public static final String CONNECT = "__connect.errors.";

    /** Topic of the record that was rejected. */
    public static final String TOPIC = CONNECT + "topic";
    /** Its partition. */
    public static final String PARTITION = CONNECT + "partition";
    /** Its offset. */
    public static final String OFFSET = CONNECT + "offset";
    /** At which stage of the work it was rejected. */
    public static final String STAGE = CONNECT + "stage";
    /** The header with the kind of the rejection. */
    public static final String EXCEPTION = CONNECT + "exception.class.name";
    /** What was wrong; it may quote values of the row. */
    public static final String MESSAGE = CONNECT + "exception.message";

    /** Why, in a few words without a value of the row: rejections for the same cause have the same. */
    public static final String REASON = "rowrelay.reason";
    /** How often the record has been replayed, in decimal; it stays on the record when that is rejected again. */
    public static final String REPLAYS = "rowrelay.replays";

    /**
     * The stage of a change that the broker did not take for its size, or that could not be printed, and of a rejected record
     * that the dead-letter topic did not take for its size: the dead letter holds a reference, not the change.
     */
    public static final String STAGE_OF_REFERENCES = "KAFKA_PRODUCE";

    private DeadLetterNames() {}
}
