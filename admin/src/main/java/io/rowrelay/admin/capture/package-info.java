/**
 * The commands {@code capture} and {@code uncapture}: cdc_capture and cdc_uncapture of the source, by name.
 */
@NullMarked
package io.rowrelay.admin.capture;

import org.jspecify.annotations.NullMarked;
