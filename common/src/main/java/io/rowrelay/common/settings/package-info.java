/**
 * Reads the configuration: defaults, then the file given with {@code --config}, then the environment, and reports every
 * mistake at once.
 *
 * <p>The lowest package: it knows no setting and no name of the product. Other packages declare
 * {@link io.rowrelay.common.settings.Setting}s and types, and a program lists what it reads in a
 * {@link io.rowrelay.common.settings.SettingsTable}.
 */
@NullMarked
package io.rowrelay.common.settings;

import org.jspecify.annotations.NullMarked;
