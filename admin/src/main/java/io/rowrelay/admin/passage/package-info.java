/**
 * Waits until a state of the source has gone through the whole stream. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.passage;

import org.jspecify.annotations.NullMarked;
