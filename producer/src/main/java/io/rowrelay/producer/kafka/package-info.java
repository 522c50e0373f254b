/**
 * The topic: publishing and dead-letter references. Must not import java.sql.
 */
@NullMarked
package io.rowrelay.producer.kafka;

import org.jspecify.annotations.NullMarked;
