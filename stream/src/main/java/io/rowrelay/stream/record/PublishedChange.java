package io.rowrelay.stream.record;

/**
 * A change as the topic has it, without its row.
 *
 * @param address where its record lies
 * @param source the header {@link #SOURCE_HEADER}: system identifier of the cluster it was published from, in decimal;
 *     empty where there is none, since somebody else wrote the record
 * @param actionId identifies the change
 * @param changedAtMicros when the trigger wrote it, in microseconds since 1970
 * @param timeline the header {@link #TIMELINE_HEADER}: the timeline of the primary it was published from; 0 where there is none
 */
public record PublishedChange(RecordAddress address, String source, long actionId, long changedAtMicros, int timeline) {
    /** Name of the header that the last record of each page carries: the timeline of the source, in decimal. */
    public static final String TIMELINE_HEADER = "rowrelay.timeline";

    /** Name of the header that every record of a producer carries. */
    public static final String SOURCE_HEADER = "rowrelay.source";
}
