package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.StreamSettings;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A word behind a command's name. It stands for a setting, and goes before environment and file, but for the stream's
 * name, which must not contradict them.
 *
 * @param label what it is called in the help
 * @param setting what it stands for; a setting of the command's table
 * @param required whether it must be typed
 * @param description what it is for, in a sentence
 */
public record Positional(String label, Setting<String> setting, boolean required, String description) {

    /** The stream, for commands that are about one. */
    public static final Positional STREAM = new Positional(
            "STREAM",
            StreamSettings.STREAM,
            false,
            "The stream: sets STREAM where the configuration does not, else has to be the same.");

    PositionalParamSpec spec(int place) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(place))
                .arity(required ? "1" : "0..1")
                .required(required)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }
}
