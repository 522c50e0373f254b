/**
 * The project's jars run as processes, as an operator sees them: their environment, health endpoints and logs, never
 * their classes.
 */
@NullMarked
package io.rowrelay.sandbox.process;

import org.jspecify.annotations.NullMarked;
