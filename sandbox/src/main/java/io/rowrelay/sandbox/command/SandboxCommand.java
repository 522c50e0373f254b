package io.rowrelay.sandbox.command;

import io.rowrelay.sandbox.process.SandboxException;
import picocli.CommandLine;

/** What the command lines of the demo and of the bench have in common. */
public final class SandboxCommand {
    private SandboxCommand() {}

    /** Runs a command and returns its exit code: 1 after a failure, which standard error explains. */
    public static int run(Object command, String[] arguments) {
        // Before anything logs: the console belongs to the command.
        System.setProperty("logback.configurationFile", "logback-sandbox.xml");
        // Kafka brings this logging library along for its administration, and it has something to say when it starts.
        System.setProperty("log4j2.StatusLogger.level", "OFF");
        System.setProperty("log4j.shutdownHookEnabled", "false");
        CommandLine line = new CommandLine(command).setExecutionExceptionHandler(SandboxCommand::explain);
        String version = command.getClass().getPackage().getImplementationVersion();
        line.getCommandSpec()
                .version("Rowrelay %s %s"
                        .formatted(line.getCommandName(), version == null ? "(not from a jar)" : version));
        return line.execute(arguments);
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof SandboxException) {
            command.getErr().println(failure.getMessage());
        } else {
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
