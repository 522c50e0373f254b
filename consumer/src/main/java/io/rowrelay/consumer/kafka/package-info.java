/**
 * The topic and the dead-letter topic. Must not import java.sql or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.kafka;

import org.jspecify.annotations.NullMarked;
