/** The command verify: compares source and destination while both change, and repairs what differs by way of the change table. */
@NullMarked
package io.rowrelay.admin.verify;

import org.jspecify.annotations.NullMarked;
