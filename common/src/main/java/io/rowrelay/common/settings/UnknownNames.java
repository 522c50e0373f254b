package io.rowrelay.common.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds names that no setting has: every one in the file, and in the environment those that were meant for the product. */
final class UnknownNames {

    private final SettingsTable table;
    private final Set<String> names;

    UnknownNames(SettingsTable table) {
        this.table = table;
        this.names = new TreeSet<>(table.product().names());
        for (Setting<?> setting : table.settings()) {
            names.add(setting.name());
            if (setting.type().secret()) {
                names.add(setting.fileName());
            }
        }
    }

    List<Mistake> in(SettingsSource source) {
        List<Mistake> mistakes = new ArrayList<>();
        for (SettingsLayer layer : source.layers()) {
            for (Map.Entry<String, String> given : new TreeMap<>(layer.values()).entrySet()) {
                if (isMistaken(layer, given.getKey(), given.getValue())) {
                    mistakes.add(mistake(layer.origin(), given.getKey()));
                }
            }
        }
        return mistakes;
    }

    private boolean isMistaken(SettingsLayer layer, String name, String value) {
        if (names.contains(name) || isInFamily(name)) {
            return false;
        }
        if (!layer.shared()) {
            return true;
        }
        return isMeantForUs(name) && !ServiceLinks.isLink(name, value);
    }

    private boolean isInFamily(String name) {
        return table.families().stream()
                .anyMatch(family -> family.setting(name).isPresent() || isSecretFile(family, name));
    }

    private static boolean isSecretFile(SettingsFamily family, String name) {
        return name.endsWith(Setting.FILE_SUFFIX)
                && family.setting(name.substring(0, name.length() - Setting.FILE_SUFFIX.length()))
                        .filter(setting -> setting.type().secret())
                        .isPresent();
    }

    private boolean isMeantForUs(String name) {
        if (table.families().stream().anyMatch(family -> family.isForeign(name))) {
            return false;
        }
        return table.product().prefixes().stream().anyMatch(name::startsWith)
                || table.families().stream().anyMatch(family -> name.startsWith(family.prefix()))
                || Spelling.slip(name, names).isPresent();
    }

    private Mistake mistake(String origin, String name) {
        Optional<String> suggestion = Spelling.suggestion(name, allNames()).or(() -> withPrefix(name));
        // The value is not shown: under a misspelt name it may be a secret.
        return new Mistake(
                origin,
                name,
                "",
                "there is no such setting",
                suggestion.map(meant -> "did you mean " + meant + "?").orElse("remove it; --help-settings lists all"));
    }

    /** A client's own name for a property, linger.ms, where the setting is KAFKA_LINGER_MS. */
    private Optional<String> withPrefix(String name) {
        return table.families().stream()
                .flatMap(family -> Spelling.slip(family.prefix() + name, family.names()).stream())
                .findFirst();
    }

    private Set<String> allNames() {
        Set<String> all = new TreeSet<>(names);
        table.families().forEach(family -> all.addAll(family.names()));
        return all;
    }
}
