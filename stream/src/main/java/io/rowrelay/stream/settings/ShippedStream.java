package io.rowrelay.stream.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The defaults that belong to the stream Rowrelay ships with, from {@code shipped-stream.properties}. */
public final class ShippedStream {

    private static final Properties DEFAULTS = load();

    private ShippedStream() {}

    /** The name of the stream. */
    static String name() {
        return nameOf("STREAM");
    }

    /** The default of one of the settings that name things of the stream. */
    static String nameOf(String setting) {
        return Objects.requireNonNull(DEFAULTS.getProperty(setting), setting);
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
