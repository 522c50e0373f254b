package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.producer.capture.SourceCluster;
import java.sql.Connection;

/**
 * The connection that holds the stream's lock, and what the stream's tables share.
 *
 * @param connection reads and writes as the active producer
 * @param cluster that it is on
 * @param checkpoints the stream's row in cdc_offset
 * @param clock is set by the source's with each check of a capture
 */
record SourceConnection(Connection connection, SourceCluster cluster, CheckpointStore checkpoints, ServerClock clock) {}
