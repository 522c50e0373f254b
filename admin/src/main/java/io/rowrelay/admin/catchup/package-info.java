/** Waits until the destination has caught up with a state of the source. */
@NullMarked
package io.rowrelay.admin.catchup;

import org.jspecify.annotations.NullMarked;
