@NullMarked
package io.rowrelay.bench.load;

import org.jspecify.annotations.NullMarked;
