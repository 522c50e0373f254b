/** The machine and the processes whose CPU and memory are measured. */
@NullMarked
package io.rowrelay.bench.machine;

import org.jspecify.annotations.NullMarked;
