/** The command resync: repairs the destination from the source through the change table. */
@NullMarked
package io.rowrelay.admin.resync;

import org.jspecify.annotations.NullMarked;
