/** The embedded stack and the demo, run as a user runs it. */
@NullMarked
package io.rowrelay.it.sandbox;

import org.jspecify.annotations.NullMarked;
