/** What is written to the source, and when the destination shows it. */
@NullMarked
package io.rowrelay.bench.load;

import org.jspecify.annotations.NullMarked;
