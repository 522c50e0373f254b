/**
 * The commands {@code pause} and {@code resume}: whether the producer of a stream publishes.
 */
@NullMarked
package io.rowrelay.admin.pause;

import org.jspecify.annotations.NullMarked;
