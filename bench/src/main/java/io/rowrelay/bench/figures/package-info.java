/** The figures of a run, with the value of each round and the goal. It knows nothing of what is measured. */
@NullMarked
package io.rowrelay.bench.figures;

import org.jspecify.annotations.NullMarked;
