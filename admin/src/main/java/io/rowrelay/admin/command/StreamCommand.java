package io.rowrelay.admin.command;

import java.util.Optional;
import picocli.CommandLine.Parameters;

/** A command behind whose name the stream can be typed. */
public abstract class StreamCommand extends AdminCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STREAM",
            description = "The stream: sets STREAM where the configuration does not, else has to be the same.")
    private Optional<String> stream = Optional.empty();

    @Override
    protected final Optional<String> stream() {
        return stream;
    }
}
