package io.rowrelay.consumer.apply;

/**
 * A table of the destination, and where its changes come from.
 *
 * @param name as in SQL, as the configuration has it
 * @param topic of its changes
 */
public record TopicTable(String name, String topic) {}
