/**
 * The destination of a stream that is applied in cuts: its lock, the transaction of windows, and what of it fails. Must not import
 * org.apache.kafka or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.cut.jdbc;

import org.jspecify.annotations.NullMarked;
