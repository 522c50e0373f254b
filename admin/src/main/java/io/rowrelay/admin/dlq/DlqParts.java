package io.rowrelay.admin.dlq;

/**
 * What the commands work on.
 *
 * @param streamTopic the stream's topic
 * @param deadLetterTopic the name of the dead-letter topic
 * @param topic the dead-letter topic
 * @param marks what was done about the letters
 * @param rows the rows that they are about
 */
public record DlqParts(
        String streamTopic, String deadLetterTopic, DlqTopic topic, HandlingTable marks, RelatedRows rows) {
    /** Of the memory, what letters may take. */
    private static final int PART_OF_MEMORY = 4;

    DeadLetterList letters() {
        return new DeadLetterList(topic, marks, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
    }

    ReplayCheck judge() {
        return new ReplayCheck(streamTopic, rows::rehearse);
    }
}
