/** The files that a run leaves: JSON, tables and plots. */
@NullMarked
package io.rowrelay.bench.report;

import org.jspecify.annotations.NullMarked;
