/**
 * The destination database: the transaction of a batch, progress, identity, hazards, expiry of tombstones. Must not import
 * org.apache.kafka or a JSON library.
 */
@NullMarked
package io.rowrelay.consumer.jdbc;

import org.jspecify.annotations.NullMarked;
