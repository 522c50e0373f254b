/**
 * The commands {@code pause} and {@code resume}: a stream's publishing stopped by a human, and let go on.
 */
@NullMarked
package io.rowrelay.admin.pause;

import org.jspecify.annotations.NullMarked;
