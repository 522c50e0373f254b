/** Writes to the source, and measures when the destination shows it. */
@NullMarked
package io.rowrelay.bench.load;

import org.jspecify.annotations.NullMarked;
