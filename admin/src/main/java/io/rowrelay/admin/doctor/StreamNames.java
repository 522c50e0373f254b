package io.rowrelay.admin.doctor;

/**
 * What the things of a stream are called, as in the settings.
 *
 * @param stream the stream
 * @param sourceTable the captured table
 * @param changeTable where its triggers write
 * @param destinationTable where changes are applied
 * @param topic where they are published
 * @param deadLetterTopic where refused ones go
 * @param groupId the consumer group
 */
public record StreamNames(
        String stream,
        String sourceTable,
        String changeTable,
        String destinationTable,
        String topic,
        String deadLetterTopic,
        String groupId) {

    /** Installs or repairs the capture. */
    public Remedy capture() {
        return Remedy.inSource("SELECT cdc_capture(" + literal(sourceTable) + ", " + literal(changeTable) + ");");
    }

    /** Prepares the destination table. */
    public Remedy prepareDestination() {
        return Remedy.inDestination("SELECT cdc_destination(" + literal(destinationTable) + ");");
    }

    /** A text as a literal of SQL. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
