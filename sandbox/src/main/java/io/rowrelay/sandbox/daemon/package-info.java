/**
 * The two daemons as an operator sees them: their jars, environment, health endpoints and logs, never their classes. For
 * the demo and the bench, of which it knows nothing.
 */
@NullMarked
package io.rowrelay.sandbox.daemon;

import org.jspecify.annotations.NullMarked;
