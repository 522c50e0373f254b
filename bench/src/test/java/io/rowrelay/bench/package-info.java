@NullMarked
package io.rowrelay.bench;

import org.jspecify.annotations.NullMarked;
