/** Records made to do harm, from a seed. */
@NullMarked
package io.rowrelay.it.hostile;

import org.jspecify.annotations.NullMarked;
