package io.rowrelay.common.event;

/**
 * A change as the topic has it, without its row.
 *
 * @param source the header {@link #SOURCE_HEADER}: system identifier of the cluster it was published from, in decimal;
 *     empty where there is none, since somebody else wrote the record
 * @param actionId identifies the change
 * @param changedAtMicros when the trigger wrote it, in microseconds since 1970
 */
public record PublishedChange(String source, long actionId, long changedAtMicros) {
    /** Name of the header that every record of a producer carries. */
    public static final String SOURCE_HEADER = "rowrelay.source";
}
