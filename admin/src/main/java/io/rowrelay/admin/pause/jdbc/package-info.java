/**
 * Where it is noted that a stream is paused. Must not import org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.pause.jdbc;

import org.jspecify.annotations.NullMarked;
