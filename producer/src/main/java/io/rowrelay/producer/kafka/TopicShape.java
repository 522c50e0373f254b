package io.rowrelay.producer.kafka;

/**
 * How topics are created.
 *
 * @param partitions of a topic of a table or of dead letters
 * @param replicationFactor of any topic; -1 for the broker's default
 */
public record TopicShape(int partitions, int replicationFactor) {}
