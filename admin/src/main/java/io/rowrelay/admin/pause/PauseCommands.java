package io.rowrelay.admin.pause;

import io.rowrelay.admin.command.Arguments;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/** {@code pause} and {@code resume}. Either can be run again. */
public final class PauseCommands {
    private static final String BY = "--by";

    private final String stream;
    private final Pauses pauses;
    private final Console console;

    public PauseCommands(String stream, Pauses pauses, Console console) {
        this.stream = stream;
        this.pauses = pauses;
        this.console = console;
    }

    /** What can be typed behind {@code pause}. */
    public static List<OptionSpec> typed() {
        return List.of(Arguments.value(
                BY,
                String.class,
                "NAME",
                "Who pauses it, and if you like why; shown until it is resumed (default: you)."));
    }

    /** Pauses, and says since when it is paused. */
    public Outcome pause(Arguments arguments) throws OutageException {
        Optional<String> before = pauses.now();
        if (before.isPresent()) {
            console.say("stream " + stream + " was paused already " + before.get());
            return Outcome.DONE;
        }
        pauses.pause(arguments.<String>find(BY).orElse(System.getProperty("user.name", "unknown")));
        console.say("stream " + stream + " is paused " + pauses.now().orElse("no more")
                + ": within a second its producer publishes nothing; changes go on being captured");
        return Outcome.DONE;
    }

    /** Lets it go on, and says what was before. */
    public Outcome resume() throws OutageException {
        Optional<String> before = pauses.now();
        pauses.resume();
        console.say(
                before.isPresent()
                        ? "stream " + stream + " goes on; it was paused " + before.get()
                        : "stream " + stream + " was not paused");
        return Outcome.DONE;
    }
}
