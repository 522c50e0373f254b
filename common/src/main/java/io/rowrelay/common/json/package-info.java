/** Writes small JSON texts; a library would be more than they are worth. */
@NullMarked
package io.rowrelay.common.json;

import org.jspecify.annotations.NullMarked;
