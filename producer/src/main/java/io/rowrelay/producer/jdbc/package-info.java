/**
 * The source database: change table, checkpoint, lock. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.producer.jdbc;

import org.jspecify.annotations.NullMarked;
