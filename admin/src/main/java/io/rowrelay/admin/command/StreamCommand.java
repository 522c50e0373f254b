package io.rowrelay.admin.command;

import java.util.Optional;
import picocli.CommandLine.Parameters;

/** A command that takes the name of the stream. */
public abstract class StreamCommand extends AdminCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STREAM",
            description = "The stream. It sets STREAM if the configuration does not; otherwise both must be the same.")
    private Optional<String> stream = Optional.empty();

    @Override
    protected final Optional<String> stream() {
        return stream;
    }
}
