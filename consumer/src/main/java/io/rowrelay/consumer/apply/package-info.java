/**
 * The step that validates, applies, dead-letters and commits, and its ports. Must not import java.sql, org.apache.kafka or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.apply;

import org.jspecify.annotations.NullMarked;
