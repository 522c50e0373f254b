package io.rowrelay.common.command;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.SpecialDefault;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code --help} says about exit codes and the HTTP endpoint, and {@code --help-settings} about settings. */
public final class SettingsReference {

    private static final int WIDTH = 80;
    private static final String INDENT = "      ";

    /** The option that shows the settings, which are too many for {@code --help}. */
    public static final String OPTION = "--help-settings";

    private SettingsReference() {}

    /** What follows the options in {@code --help}. */
    static String text(DaemonDescription daemon) {
        return """

                Settings are environment variables; --help-settings shows them all.

                Exit codes:
                  0   stopped by SIGTERM or SIGINT
                  1   cannot go on; the log says why
                  2   wrong command line or configuration; standard error lists
                      every mistake

                HTTP (port HTTP_PORT):
                  GET /               the stream, live, for a browser
                  GET /health/live    200 while the daemon's loop moves, otherwise 503
                  GET /health/ready   200 while the daemon works, otherwise 503;
                                      JSON with the reason
                  GET /metrics        Prometheus metrics

                Example:
                  STREAM=orders rowrelay %s --config rowrelay.properties""".formatted(daemon.name());
    }

    /** Every setting of a program with its default, meaning and allowed values. */
    public static String settings(SettingsTable table) {
        return table.settings().stream().map(SettingsReference::entry).collect(Collectors.joining("", """
                                Settings: environment variables, or the same names as keys of the file.
                                <NAME> is the value of NAME.
                                """, ""))
                + table.families().stream().map(SettingsReference::entry).collect(Collectors.joining());
    }

    /** How a default is shown to people. */
    public static String defaultOf(Setting<?> setting) {
        return setting.defaultText().replaceAll("\\$\\{([A-Z_]+)}", "<$1>");
    }

    /** What a special default depends on, as a word in a sentence. */
    public static String nounOf(SpecialDefault special) {
        return special.other().name().toLowerCase(Locale.ROOT);
    }

    private static String entry(Setting<?> setting) {
        String file = setting.type().secret() ? " Or " + setting.fileName() + ": a file that contains it." : "";
        String special = setting.special()
                .map(other -> "; %s for the %s %s".formatted(other.text(), nounOf(other), other.value()))
                .orElse("");
        return "  %s (default %s)\n%s\n"
                .formatted(
                        setting.name(),
                        defaultOf(setting) + special,
                        wrapped(setting.description() + file + " Allowed: "
                                + setting.type().allowed() + "."));
    }

    private static String entry(SettingsFamily family) {
        return "  %s<PROPERTY>\n%s\n".formatted(family.prefix(), wrapped(family.description()));
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String word : Arrays.asList(text.split(" "))) {
            if (!line.isEmpty() && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
                lines.append(INDENT).append(line).append('\n');
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        return lines.append(INDENT).append(line).toString();
    }
}
