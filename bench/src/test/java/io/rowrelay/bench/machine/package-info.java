@NullMarked
package io.rowrelay.bench.machine;

import org.jspecify.annotations.NullMarked;
