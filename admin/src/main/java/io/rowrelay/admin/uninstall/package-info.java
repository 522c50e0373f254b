/**
 * The command {@code uninstall}: takes a stream, and with the last one Rowrelay itself, off both databases.
 */
@NullMarked
package io.rowrelay.admin.uninstall;

import org.jspecify.annotations.NullMarked;
