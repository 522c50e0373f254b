package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;

/**
 * A command of admin.jar.
 *
 * @param name what is typed
 * @param duty what it does, in a sentence or two
 * @param table the settings it reads
 * @param options what can be typed behind its name, beside what every command understands
 * @param positionals what can be typed behind its name without a name of its own, in this order
 * @param body its work
 */
public record Verb(
        String name,
        String duty,
        SettingsTable table,
        List<? extends ArgSpec> options,
        List<Positional> positionals,
        Body body) {

    public Verb {
        options = List.copyOf(options);
        positionals = List.copyOf(positionals);
    }

    /** A command that takes options only. */
    public Verb(String name, String duty, SettingsTable table, List<? extends ArgSpec> options, Body body) {
        this(name, duty, table, options, List.of(), body);
    }

    /** A command's own work. */
    @FunctionalInterface
    public interface Body {

        /**
         * Does it. The settings are checked.
         *
         * @throws CommandFailedException when it cannot be done, with what to do
         */
        Outcome run(Settings settings, Arguments arguments, Console console) throws Exception;
    }
}
