package io.rowrelay.admin.doctor.kafka;

import java.time.Duration;

/**
 * What a stream's topic is held against.
 *
 * @param servers as in KAFKA_BOOTSTRAP_SERVERS, for commands
 * @param partitions as in TOPIC_PARTITIONS
 * @param replicationFactor as in TOPIC_REPLICATION_FACTOR; -1 for the broker's default
 * @param tombstoneRetention how long the destination remembers deletions
 */
public record TopicRules(String servers, int partitions, int replicationFactor, Duration tombstoneRetention) {}
