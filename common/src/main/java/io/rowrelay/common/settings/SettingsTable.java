package io.rowrelay.common.settings;

import java.util.List;
import java.util.Objects;

/**
 * All settings of a program, in the order in which people read about them.
 *
 * @param settings those with a line each
 * @param families those that share a prefix
 * @param rules checks across several
 * @param product what else may be named where the settings come from
 */
public record SettingsTable(
        List<Setting<?>> settings, List<SettingsFamily> families, List<SettingsRule> rules, ProductNames product) {

    public SettingsTable {
        settings = List.copyOf(settings);
        families = List.copyOf(families);
        rules = List.copyOf(rules);
        Objects.requireNonNull(product);
    }
}
