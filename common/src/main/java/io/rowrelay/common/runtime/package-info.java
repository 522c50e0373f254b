/**
 * How a daemon runs: steps, pacing, outages, stop. Knows neither JDBC nor Kafka nor HTTP.
 */
@NullMarked
package io.rowrelay.common.runtime;

import org.jspecify.annotations.NullMarked;
