package io.rowrelay.common.settings;

import java.util.List;

/**
 * All settings of a daemon, in the order in which people read about them.
 *
 * @param settings those with a line each
 * @param families those that share a prefix
 * @param rules checks across several
 */
public record SettingsTable(List<Setting<?>> settings, List<SettingsFamily> families, List<SettingsRule> rules) {

    public SettingsTable {
        settings = List.copyOf(settings);
        families = List.copyOf(families);
        rules = List.copyOf(rules);
    }
}
