/**
 * Proves the SQL of the source and of the destination against a real PostgreSQL: nothing but JDBC and {@code sql/}, no
 * daemon and no Kafka.
 */
@NullMarked
package io.rowrelay.it.capture;

import org.jspecify.annotations.NullMarked;
