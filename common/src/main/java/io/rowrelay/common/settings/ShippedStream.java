package io.rowrelay.common.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The defaults that belong to the stream Rowrelay ships with, from {@code shipped-stream.properties}. */
public final class ShippedStream {

    private static final Properties DEFAULTS = load();

    private ShippedStream() {}

    /** The default of one of the settings that name things of the shipped stream. */
    public static String defaultOf(String name) {
        return Objects.requireNonNull(DEFAULTS.getProperty(name), name);
    }

    /**
     * Refuses defaults of the shipped stream under another stream's name: two streams on one topic, or rows held against
     * another table's schema, would do harm before anybody noticed.
     */
    public static SettingsRule namesBelongTogether(Setting<String> stream) {
        return settings -> {
            String shipped = defaultOf(stream.name());
            if (settings.value(stream).filter(name -> !name.equals(shipped)).isPresent()) {
                settings.settings().stream()
                        .filter(setting -> !setting.equals(stream) && DEFAULTS.containsKey(setting.name()))
                        .filter(settings::isDefault)
                        .forEach(setting -> settings.refuse(
                                setting,
                                "the default belongs to the stream " + shipped,
                                "set " + setting.name() + " too, as " + stream.name() + " is another"));
            }
        };
    }

    private static Properties load() {
        Properties defaults = new Properties();
        try (InputStream resource = ShippedStream.class.getResourceAsStream("shipped-stream.properties")) {
            defaults.load(Objects.requireNonNull(resource, "shipped-stream.properties"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return defaults;
    }
}
