package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of the tool. Its fields are its options and parameters; picocli sets them. Runs once. */
public abstract class AdminCommand {
    /** Set by picocli. */
    @Spec
    private @Nullable CommandSpec spec;

    /** The settings that the command reads. */
    protected SettingsTable table() {
        return AdminSettings.TABLE;
    }

    /** The stream that was typed, if any: it must be the configured one. */
    protected Optional<String> stream() {
        return Optional.empty();
    }

    /** Settings that were typed as words, by their names. They override environment and file. */
    protected Map<String, String> words() {
        return Map.of();
    }

    /**
     * Does the work. The settings are checked.
     *
     * @throws CommandFailedException when it cannot be done, with what to do
     */
    protected abstract Outcome run(Settings settings, Console console) throws Exception;

    /** The exception for a mistake in the command line that the options themselves cannot find. */
    protected final ParameterException wrong(String message) {
        return wrong(spec, message);
    }

    /** The number, which was typed or is the default. */
    protected final int inRange(String option, int number, int least, int most) {
        return inRange(spec, option, number, least, most);
    }

    static int inRange(@Nullable CommandSpec command, String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw wrong(command, option + " is " + number + ": from " + least + " to " + most);
        }
        return number;
    }

    private static ParameterException wrong(@Nullable CommandSpec command, String message) {
        return new ParameterException(
                Objects.requireNonNull(command, "set by picocli").commandLine(), message);
    }
}
