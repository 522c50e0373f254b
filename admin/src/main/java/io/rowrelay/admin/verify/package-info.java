/**
 * Compares source and destination while both change, and mends what differs by way of the change table. Must not import
 * java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.verify;

import org.jspecify.annotations.NullMarked;
