/** Coverage-guided fuzzing of what reads bytes that others wrote; built with {@code -Pfuzz} only. */
@NullMarked
package io.rowrelay.fuzz;

import org.jspecify.annotations.NullMarked;
