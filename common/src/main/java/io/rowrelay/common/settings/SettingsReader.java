package io.rowrelay.common.settings;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one table from one source and collects the mistakes on the way. For one use by one thread. */
public final class SettingsReader {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)}");

    private final SettingsSource source;
    private final SettingsTable table;
    private final Map<String, Found<?>> found = new LinkedHashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    SettingsReader(SettingsSource source, SettingsTable table) {
        this.source = source;
        this.table = table;
    }

    Settings read() {
        mistakes.addAll(source.mistakes());
        table.settings().forEach(this::readOrDefault);
        table.families().forEach(this::readFamily);
        mistakes.addAll(new UnknownNames(table).in(source));
        table.rules().forEach(rule -> rule.check(this));
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
        return new Settings(found);
    }

    /** The value of a setting, or empty where it was given wrongly. */
    @SuppressWarnings("unchecked") // as in Settings.get
    public <T> Optional<T> value(Setting<T> setting) {
        return Optional.ofNullable(found.get(setting.name())).map(value -> (T) value.value());
    }

    /** The values given for a family's settings, by name; only those without a mistake. */
    public Map<String, String> given(SettingsFamily family) {
        return new Settings(found).given(family);
    }

    /** Reports that a value does not fit with others. */
    public void refuse(Setting<?> setting, String problem, String remedy) {
        Found<?> value = found.get(setting.name());
        if (value == null) {
            return;
        }
        mistakes.add(mistake(setting, value.origin(), value.text(), problem, remedy));
    }

    /** Reports what is wrong with several settings together. */
    public void report(Mistake mistake) {
        mistakes.add(mistake);
    }

    private void readFamily(SettingsFamily family) {
        TreeSet<String> names = new TreeSet<>();
        for (SettingsLayer layer : source.layers()) {
            for (String name : layer.values().keySet()) {
                names.add(name);
                if (name.endsWith(Setting.FILE_SUFFIX)) {
                    names.add(name.substring(0, name.length() - Setting.FILE_SUFFIX.length()));
                }
            }
        }
        for (String name : names) {
            boolean ownLine =
                    table.settings().stream().anyMatch(setting -> setting.name().equals(name));
            if (!ownLine && !table.product().names().contains(name)) {
                family.setting(name).ifPresent(this::readGiven);
            }
        }
    }

    private <T> void readOrDefault(Setting<T> setting) {
        if (!readGiven(setting)) {
            defaultOf(setting).ifPresent(value -> acceptDefault(setting, value));
        }
    }

    private Optional<Default> defaultOf(Setting<?> setting) {
        if (setting.special().isEmpty()) {
            return withReferences(setting.defaultText());
        }
        SpecialDefault special = setting.special().get();
        Optional<String> other = value(special.other());
        if (other.filter(special.value()::equals).isPresent()) {
            return Optional.of(new Default(special.text(), Found.DEFAULT));
        }
        // Without a value of the other setting there is a mistake already.
        return other.flatMap(any -> withReferences(setting.defaultText()));
    }

    /**
     * A default that follows from other settings and is not allowed: the mistake names them, since nobody wrote the value
     * itself.
     */
    private <T> void acceptDefault(Setting<T> setting, Default value) {
        if (!keep(setting, value.text(), value.origin(), null)) {
            String other = value.origin().replaceFirst("=.*", "");
            mistakes.add(mistake(
                    setting,
                    "follows from " + value.origin(),
                    value.text(),
                    notAllowed(setting, value.text()),
                    "set " + setting.name() + ", or change " + other));
        }
    }

    /** Reads the setting from the highest layer that has it; false where none has. */
    private <T> boolean readGiven(Setting<T> setting) {
        for (SettingsLayer layer : source.layers()) {
            String text = layer.values().get(setting.name());
            String path = setting.type().secret() ? layer.values().get(setting.fileName()) : null;
            if (text != null && path != null) {
                mistakes.add(new Mistake(
                        layer.origin(),
                        setting.name(),
                        ValueType.MASK,
                        setting.fileName() + " is given as well",
                        "keep one of the two"));
                return true;
            }
            if (text != null) {
                accept(setting, text, layer.origin(), null);
                return true;
            }
            if (path != null) {
                readSecretFile(setting, path, layer.origin());
                return true;
            }
        }
        return false;
    }

    private <T> void readSecretFile(Setting<T> setting, String path, String origin) {
        try {
            Path file = Path.of(path);
            String text = Secret.textOf(file);
            if (text.isEmpty()) {
                mistakes.add(secretFileMistake(setting, path, origin, "the file is empty"));
                return;
            }
            accept(setting, text, origin + ", file named by " + setting.fileName(), file);
        } catch (IOException unreadable) {
            mistakes.add(secretFileMistake(
                    setting, path, origin, "the file cannot be read: " + SmallFile.reason(unreadable)));
        } catch (InvalidPathException notAPath) {
            mistakes.add(secretFileMistake(setting, path, origin, "is not a path"));
        }
    }

    private static Mistake secretFileMistake(Setting<?> setting, String path, String origin, String problem) {
        return new Mistake(
                origin, setting.fileName(), path, problem, "name a readable file that holds only " + setting.name());
    }

    private <T> void accept(Setting<T> setting, String text, String origin, @Nullable Path file) {
        if (!keep(setting, text, origin, file)) {
            mistakes.add(mistake(
                    setting, origin, text, notAllowed(setting, text), "correct it, or remove it for the default"));
        }
    }

    /** Takes the value; false where it is not allowed. */
    private <T> boolean keep(Setting<T> setting, String text, String origin, @Nullable Path file) {
        Optional<T> value = setting.type().parse(text);
        String shown = setting.type().secret() ? text : text.strip();
        value.ifPresent(allowed -> found.put(setting.name(), new Found<>(setting, allowed, shown, origin, file)));
        return value.isPresent();
    }

    private static String notAllowed(Setting<?> setting, String text) {
        return (text.isBlank() ? "is empty" : "is not allowed") + "; allowed: "
                + setting.type().allowed();
    }

    private static Mistake mistake(Setting<?> setting, String origin, String text, String problem, String remedy) {
        String shown = text.isEmpty() ? "" : setting.type().shown(text);
        return new Mistake(origin, setting.name(), shown, problem, remedy);
    }

    /** Fills in references; empty where a setting referred to was given wrongly, which is a mistake already. */
    private Optional<Default> withReferences(String text) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder filled = new StringBuilder();
        String origin = Found.DEFAULT;
        while (reference.find()) {
            Found<?> value = found.get(reference.group(1));
            if (value == null) {
                return Optional.empty();
            }
            origin = value.setting().name() + "=" + value.text();
            reference.appendReplacement(filled, Matcher.quoteReplacement(value.text()));
        }
        int behind = filled.length();
        reference.appendTail(filled);
        boolean quoted = behind > 1 && filled.charAt(behind - 1) == '"';
        // "Orders" and _cdc is "Orders_cdc".
        return Optional.of(new Default(
                quoted ? filled.substring(0, behind - 1) + filled.substring(behind) + '"' : filled.toString(), origin));
    }

    /**
     * A default with its references filled in.
     *
     * @param origin the setting that it follows from, with its value; {@link Found#DEFAULT} where it follows from none
     */
    private record Default(String text, String origin) {}
}
