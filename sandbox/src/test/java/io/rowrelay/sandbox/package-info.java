/** Tests of the demo's own parts; the demo as a whole is run by the build with its flag --exit. */
@NullMarked
package io.rowrelay.sandbox;

import org.jspecify.annotations.NullMarked;
