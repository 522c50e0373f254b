package io.rowrelay.common.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where settings are read from: the environment, and below it the file given with {@code --config}. Immutable. */
public final class SettingsSource {

    private static final String COMMAND_LINE = "command line";

    private final List<SettingsLayer> layers;
    private final List<Mistake> mistakes;

    private SettingsSource(List<SettingsLayer> layers, List<Mistake> mistakes) {
        this.layers = List.copyOf(layers);
        this.mistakes = List.copyOf(mistakes);
    }

    /** Only the environment. */
    public static SettingsSource of(Map<String, String> environment) {
        return of(environment, Optional.empty());
    }

    /** The environment before the file. A file that cannot be read is a mistake among the others, not an exception. */
    public static SettingsSource of(Map<String, String> environment, Optional<String> file) {
        List<SettingsLayer> layers = new ArrayList<>();
        layers.add(new SettingsLayer("environment", true, environment));
        List<Mistake> mistakes = new ArrayList<>();
        file.ifPresent(path -> SettingsFile.read(path, mistakes).ifPresent(layers::add));
        return new SettingsSource(layers, mistakes);
    }

    /** The environment before the file. */
    public static SettingsSource of(Map<String, String> environment, Path file) {
        return of(environment, Optional.of(file.toString()));
    }

    /** The same, with values from the command line that override it. */
    public SettingsSource typed(Map<String, String> values) {
        List<SettingsLayer> all = new ArrayList<>();
        all.add(new SettingsLayer(COMMAND_LINE, false, values));
        all.addAll(layers);
        return new SettingsSource(all, mistakes);
    }

    /** The same, with values from the command line for names that nothing else gives. */
    public SettingsSource orTyped(Map<String, String> values) {
        List<SettingsLayer> all = new ArrayList<>(layers);
        all.add(new SettingsLayer(COMMAND_LINE, false, values));
        return new SettingsSource(all, mistakes);
    }

    /** Highest precedence first. */
    List<SettingsLayer> layers() {
        return layers;
    }

    /** What went wrong when the file was read. */
    List<Mistake> mistakes() {
        return mistakes;
    }
}
