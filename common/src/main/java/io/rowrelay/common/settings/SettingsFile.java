package io.rowrelay.common.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the file given with {@code --config}: the syntax of {@link Properties}, in UTF-8. */
final class SettingsFile {

    private SettingsFile() {}

    /** The file's settings, or empty and a mistake added where it cannot be read. */
    static Optional<SettingsLayer> read(String path, List<Mistake> mistakes) {
        String origin = "file " + Mistake.printable(path);
        try {
            OnceOnly properties = new OnceOnly();
            properties.load(new StringReader(SmallFile.read(Path.of(path))));
            properties.repeated.forEach(name ->
                    mistakes.add(new Mistake(origin, name, "", "is given more than once", "keep one of the lines")));
            TreeMap<String, String> values = new TreeMap<>();
            properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name, "")));
            return Optional.of(new SettingsLayer(origin, false, values));
        } catch (IOException unreadable) {
            mistakes.add(fileMistake(path, "cannot be read: " + SmallFile.reason(unreadable)));
        } catch (InvalidPathException notAPath) {
            mistakes.add(fileMistake(path, "is not a path"));
        } catch (IllegalArgumentException malformed) {
            mistakes.add(fileMistake(path, "has a malformed \\uxxxx escape"));
        }
        return Optional.empty();
    }

    private static Mistake fileMistake(String path, String problem) {
        return new Mistake(
                "command line", "--config", path, "the file " + problem, "name a readable properties file in UTF-8");
    }

    /** Properties that notice a repeated name, which otherwise wins silently over the one before it. */
    private static final class OnceOnly extends Properties {

        private static final long serialVersionUID = 1L;

        private final transient Set<String> repeated = new TreeSet<>();

        @Override
        public synchronized Object put(Object name, Object value) {
            if (containsKey(name)) {
                repeated.add(name.toString());
            }
            return super.put(name, value);
        }

        @Override
        public synchronized boolean equals(Object other) {
            return super.equals(other);
        }

        @Override
        public synchronized int hashCode() {
            return super.hashCode();
        }
    }
}
