/** The command backfill: sends rows that are there already through the stream. */
@NullMarked
package io.rowrelay.admin.backfill;

import org.jspecify.annotations.NullMarked;
