package io.rowrelay.common.settings;

import java.util.Objects;

/**
 * One line of the table of settings.
 *
 * @param name the environment variable, and the key in the configuration file
 * @param description what it is for, in one sentence
 * @param defaultText the value when none is given; <code>${NAME}</code> in it stands for the value of another setting
 * @param type the values it takes
 */
public record Setting<T>(String name, String description, String defaultText, ValueType<T> type) {

    /** Appended to the name of a secret: the file that holds it. */
    public static final String FILE_SUFFIX = "_FILE";

    public Setting {
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
        Objects.requireNonNull(defaultText);
        Objects.requireNonNull(type);
    }

    /** The name under which a secret is read from a file. */
    public String fileName() {
        return name + FILE_SUFFIX;
    }
}
