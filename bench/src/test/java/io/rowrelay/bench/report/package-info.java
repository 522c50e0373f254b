@NullMarked
package io.rowrelay.bench.report;

import org.jspecify.annotations.NullMarked;
