package io.rowrelay.sandbox;

import io.rowrelay.sandbox.command.SandboxCommand;
import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's command line. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        subcommands = {ReadTopic.class, StackOnly.class},
        description = {
            "Shows Rowrelay at work: starts two PostgreSQL servers and a Kafka broker, no Docker needed, runs the "
                    + "producer and the consumer between them, changes rows in the source and compares the destination.",
            "Then it stays up for you to look around, until Ctrl-C."
        })
public final class SandboxMain implements Callable<Integer> {
    static {
        // First of all: the constants below are made in the locale of the machine otherwise, with digits of its own.
        Locale.setDefault(Locale.ROOT);
    }

    private static final int EXIT_DIFFERENT = 1;

    private final Screen screen = new Screen(System.out);
    private final AtomicBoolean stopping = new AtomicBoolean();

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the data here, and continue with what is there.")
    private @Nullable Path data;

    @Option(names = "--exit", description = "End after the scenarios: with 0 if all was equal, 1 if not.")
    private boolean exit;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many rows the larger load has (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--shop",
            description =
                    "Show a stream of several tables instead: a shop, applied to one destination in cuts and to another one row by"
                            + " row, both of which are read while orders and transfers come in.")
    private boolean shop;

    private SandboxMain() {}

    /** Starts the demo. */
    public static void main(String[] arguments) {
        System.exit(SandboxCommand.run(new SandboxMain(), arguments));
    }

    @Override
    public Integer call() throws SQLException {
        if (rows < 0) {
            throw new SandboxException("--rows must not be negative: " + rows);
        }
        screen.title("Rowrelay sandbox");
        try (Sandbox sandbox = sandbox(Project.find())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sandbox), "sandbox-stop"));
            try {
                return run(sandbox);
            } catch (SQLException | RuntimeException e) {
                if (stopping.get()) {
                    // The ground went away under the scenario because the user asked for it.
                    return CommandLine.ExitCode.OK;
                }
                throw e;
            }
        }
    }

    private Sandbox sandbox(Project project) {
        return shop ? Sandbox.empty(project, data, screen, ShopDemo.STREAM) : Sandbox.shipped(project, data, screen);
    }

    private int run(Sandbox sandbox) throws SQLException {
        sandbox.startStack();
        boolean equal = shop ? new ShopDemo(sandbox, screen).run() : showEmployees(sandbox);
        new Directions(sandbox, screen).show();
        if (!exit) {
            screen.title("Everything stays up. Ctrl-C ends it.");
            throw sandbox.awaitDeath();
        }
        return equal ? CommandLine.ExitCode.OK : EXIT_DIFFERENT;
    }

    private boolean showEmployees(Sandbox sandbox) throws SQLException {
        sandbox.startDaemons();
        try (DemoDatabases databases = DemoDatabases.connect(sandbox.source(), sandbox.destination())) {
            return new Demo(sandbox, screen, databases).run(rows);
        }
    }

    private void stop(Sandbox sandbox) {
        stopping.set(true);
        if (!sandbox.isClosed()) {
            screen.interrupt();
            sandbox.close();
        }
    }
}
