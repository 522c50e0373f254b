package io.rowrelay.common.logging;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.ValueTypes;
import java.util.List;
import org.slf4j.event.Level;

/**
 * How the log looks and how much of it there is.
 *
 * @param format for people or for machines
 * @param level the least level that is logged
 */
public record LogSettings(Format format, Level level) {

    public static final Setting<Format> LOG_FORMAT = new Setting<>(
            "LOG_FORMAT",
            "Write the log as text for people or as one JSON object a line.",
            "text",
            ValueTypes.oneOf(Format.class));
    public static final Setting<Level> LOG_LEVEL = new Setting<>(
            "LOG_LEVEL",
            "Lowest level that is logged. Libraries log only warnings and errors, unless this is debug or trace.",
            "info",
            ValueTypes.oneOf(Level.class));

    /** The lines of the table. */
    public static final List<Setting<?>> ALL = List.of(LOG_FORMAT, LOG_LEVEL);

    public static LogSettings from(Settings settings) {
        return new LogSettings(settings.get(LOG_FORMAT), settings.get(LOG_LEVEL));
    }

    /** The form of the log, by its reader. */
    public enum Format {
        TEXT,
        JSON
    }
}
