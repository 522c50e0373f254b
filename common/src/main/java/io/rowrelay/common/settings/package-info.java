/**
 * Reads the configuration: defaults, then the file given with {@code --config}, then the environment, and reports every
 * mistake at once.
 *
 * <p>The lowest package of the daemons: it knows neither JDBC nor Kafka nor HTTP; those packages declare their own
 * {@link io.rowrelay.common.settings.Setting}s and types.
 */
@NullMarked
package io.rowrelay.common.settings;

import org.jspecify.annotations.NullMarked;
