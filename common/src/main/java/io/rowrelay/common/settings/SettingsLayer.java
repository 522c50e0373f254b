package io.rowrelay.common.settings;

import java.util.Map;

/**
 * One place that settings come from.
 *
 * @param origin what it is called in messages
 * @param shared whether programs that are not ours put names there too, as in the environment
 * @param values the values by name
 */
record SettingsLayer(String origin, boolean shared, Map<String, String> values) {

    SettingsLayer {
        values = Map.copyOf(values);
    }
}
