/** The measurements: what each does in a round, how large it is, and the goals of its figures. */
@NullMarked
package io.rowrelay.bench.measure;

import org.jspecify.annotations.NullMarked;
