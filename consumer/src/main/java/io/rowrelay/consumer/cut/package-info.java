/**
 * Applies the windows of a stream of many tables whole, so that the destination only shows states that the source had: puts windows
 * together, and the ports to topics and destination. Must not import java.sql, org.apache.kafka or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.cut;

import org.jspecify.annotations.NullMarked;
