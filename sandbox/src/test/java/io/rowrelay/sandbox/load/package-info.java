@NullMarked
package io.rowrelay.sandbox.load;

import org.jspecify.annotations.NullMarked;
