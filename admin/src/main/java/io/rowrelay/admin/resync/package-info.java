/** The command resync: brings the destination back in step by way of the change table. */
@NullMarked
package io.rowrelay.admin.resync;

import org.jspecify.annotations.NullMarked;
