/**
 * The step that reads, publishes and checkpoints changes, and its ports. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.producer.capture;

import org.jspecify.annotations.NullMarked;
