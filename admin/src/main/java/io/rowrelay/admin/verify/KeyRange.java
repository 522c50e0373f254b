package io.rowrelay.admin.verify;

import io.rowrelay.admin.tables.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * Keys in key order.
 *
 * @param after the key before the first one, or null to begin with the first of the table
 * @param upTo the last one, or null for the last of the table
 */
record KeyRange(@Nullable RowKey after, @Nullable RowKey upTo) {}
