package io.rowrelay.common.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The configuration in force, checked: reading a value from it cannot fail. Immutable. */
public final class Settings {

    private final Map<String, Found<?>> found;

    Settings(Map<String, Found<?>> found) {
        this.found = new LinkedHashMap<>(found);
    }

    /**
     * Reads and checks every setting of the table.
     *
     * @throws InvalidSettingsException with all mistakes, if there is any
     */
    public static Settings read(SettingsSource source, SettingsTable table) {
        return new SettingsReader(source, table).read();
    }

    /** The value of a setting of the table that was read. */
    @SuppressWarnings("unchecked") // the value was made by the type of the very setting that asks for it
    public <T> T get(Setting<T> setting) {
        Found<?> value = found.get(setting.name());
        if (value == null || !value.setting().equals(setting)) {
            throw new IllegalArgumentException(setting.name() + " is not in the table that was read");
        }
        return (T) value.value();
    }

    /** The values given for a family's settings, by name. */
    public Map<String, String> given(SettingsFamily family) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Found<?> each : found.values()) {
            String name = each.setting().name();
            if (family.setting(name).filter(each.setting()::equals).isPresent()) {
                values.put(name, each.value().toString());
            }
        }
        return values;
    }

    /** A secret of the table that was read, which follows its file where it is in one. */
    public Secret secret(Setting<String> setting) {
        get(setting);
        return secretOf(setting);
    }

    /** Those of a family's settings that are read from files, by name. */
    public Map<String, Secret> secretFiles(SettingsFamily family) {
        Map<String, Secret> files = new LinkedHashMap<>();
        for (String name : given(family).keySet()) {
            family.setting(name).map(this::secretOf).filter(Secret::isInFile).ifPresent(file -> files.put(name, file));
        }
        return files;
    }

    private Secret secretOf(Setting<String> setting) {
        return Objects.requireNonNull(found.get(setting.name())).secret();
    }

    /** One line {@code NAME=value (from ...)} for each setting, secrets masked. */
    public List<String> effective() {
        return found.values().stream().map(Found::line).toList();
    }

    @Override
    public String toString() {
        return String.join(", ", effective());
    }
}
