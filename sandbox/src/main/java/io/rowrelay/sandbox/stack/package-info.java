/**
 * A whole stack in one JVM, without Docker: two PostgreSQL servers and a Kafka broker, for the demo and the tests.
 *
 * <p>It knows neither daemon: it starts what they talk to.
 */
@NullMarked
package io.rowrelay.sandbox.stack;

import org.jspecify.annotations.NullMarked;
