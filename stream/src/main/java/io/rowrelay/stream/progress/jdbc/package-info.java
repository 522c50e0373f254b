/**
 * The destination's own memory of how far it has applied a topic: the table cdc_progress.
 */
@NullMarked
package io.rowrelay.stream.progress.jdbc;

import org.jspecify.annotations.NullMarked;
