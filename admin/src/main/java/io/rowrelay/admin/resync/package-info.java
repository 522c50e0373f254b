/**
 * Brings the destination back in step by way of the change table. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.resync;

import org.jspecify.annotations.NullMarked;
