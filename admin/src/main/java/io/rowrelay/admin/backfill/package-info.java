/**
 * Sends rows that are there already through the stream. Must not import java.sql or org.apache.kafka.
 */
@NullMarked
package io.rowrelay.admin.backfill;

import org.jspecify.annotations.NullMarked;
