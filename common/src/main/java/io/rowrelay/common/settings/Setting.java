package io.rowrelay.common.settings;

import java.util.Objects;
import java.util.Optional;

/**
 * One line of the table of settings: all that there is to say of a setting.
 *
 * <p>To add one: a constant and a component in the settings of the program that has it (ProducerSettings, ConsumerSettings,
 * AdminSettings; where several programs have it, in io.rowrelay.stream.settings or beside what it configures), a line in that
 * program's {@link SettingsTable}, and its name in RowrelayNames, from which the other programs know that it is no mistake. {@link
 * SettingsReader} reads and checks what the table has, --help-settings prints it, and docs/reference/configuration.md is written from
 * it. A check across several settings is a {@link SettingsRule}.
 *
 * @param name the environment variable, and the key in the configuration file
 * @param description what it is for, in one sentence
 * @param defaultText the value when none is given; <code>${NAME}</code> in it stands for the value of another setting, and
 *     what is written behind it goes inside the quotes of a value that ends with one
 * @param special the value when none is given and another setting has a value of its own; empty where that makes no
 *     difference
 * @param type the values it takes
 */
public record Setting<T>(
        String name, String description, String defaultText, Optional<SpecialDefault> special, ValueType<T> type) {

    /** Appended to the name of a secret: the file that holds it. */
    public static final String FILE_SUFFIX = "_FILE";

    public Setting {
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
        Objects.requireNonNull(defaultText);
        Objects.requireNonNull(special);
        Objects.requireNonNull(type);
    }

    /** A setting with one default. */
    public Setting(String name, String description, String defaultText, ValueType<T> type) {
        this(name, description, defaultText, Optional.empty(), type);
    }

    /** The name under which a secret is read from a file. */
    public String fileName() {
        return name + FILE_SUFFIX;
    }
}
