/**
 * The demo: an embedded stack, the two real daemons as processes of their own, and scenarios that compare source and
 * destination row by row.
 *
 * <p>It sees the daemons as an operator does: their jars, environment, health endpoints and logs, never their classes.
 */
@NullMarked
package io.rowrelay.sandbox;

import org.jspecify.annotations.NullMarked;
