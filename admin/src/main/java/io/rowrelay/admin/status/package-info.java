/**
 * What {@code status} shows: how far a stream is at each stage. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.status;

import org.jspecify.annotations.NullMarked;
