/**
 * The destination database: set-based, fenced apply. Must not import org.apache.kafka or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.jdbc;

import org.jspecify.annotations.NullMarked;
