/** Random histories and what relays them: the parts of the property test. */
@NullMarked
package io.rowrelay.it.random;

import org.jspecify.annotations.NullMarked;
