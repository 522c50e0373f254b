@NullMarked
package io.rowrelay.bench.measure;

import org.jspecify.annotations.NullMarked;
