/** The command reanchor: begins a stream again on a source that was restored or replaced. */
@NullMarked
package io.rowrelay.admin.reanchor;

import org.jspecify.annotations.NullMarked;
