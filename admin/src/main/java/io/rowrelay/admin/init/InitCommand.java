package io.rowrelay.admin.init;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.jdbc.StoredMode;
import io.rowrelay.stream.settings.StreamSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code init}. Can be run again. */
@Command(
        name = "init",
        description =
                "Makes a stream of many tables: installs Rowrelay in both databases, makes tables that the destination lacks,"
                        + " prepares it, and captures the tables. It does what is missing only. Then start a producer and"
                        + " a consumer, and run backfill.")
public final class InitCommand extends StreamCommand {
    private static final String SESSION = Database.CHANGE + " SET check_function_bodies = off;";

    @Option(
            names = "--tables",
            arity = "1..*",
            paramLabel = "PATTERN",
            description = "Which tables: schema.table, where * stands for anything. With ! before it, which tables not."
                    + " The stream keeps its patterns: leave them out to look for new tables.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--dry-run", description = "Print the SQL that would be run, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--producer-role",
            paramLabel = "ROLE",
            description = "Grant the producer's role what it needs, where that is not the role that runs this.")
    private Optional<String> producerRole = Optional.empty();

    @Option(
            names = "--consumer-role",
            paramLabel = "ROLE",
            description = "Grant the consumer's role what it needs, where that is not the role that runs this.")
    private Optional<String> consumerRole = Optional.empty();

    @Option(
            names = "--foreign-keys",
            description =
                    "Make the source's foreign keys that the destination's tables lack, after the backfill. Needed where the"
                            + " consumer's role may not set session_replication_role; elsewhere new tables have them at once.")
    private boolean foreignKeys;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "How the destination applies the stream: cuts, which show states of the source only, or rows, row by row,"
                            + " which many consumers can share (default: as it does, else cuts).")
    private Optional<String> mode = Optional.empty();

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        AdminSettings read = AdminSettings.from(settings);
        String stream = read.stream().name();
        if (stream.equals(StreamSettings.STREAM.defaultText())) {
            throw wrong("name the stream, with STREAM or behind the command: " + stream
                    + " is that of a single table which Rowrelay ships");
        }
        Roles roles =
                new Roles(producerRole, consumerRole.orElse(read.destination().user()), consumerRole.isPresent());
        try (Database source = Database.sourceOfAnyVersion(read, SESSION);
                Database destination = Database.destinationOfAnyVersion(read, SESSION)) {
            StreamDestination there = new StreamDestination(stream, mode(destination, stream));
            if (dryRun) {
                new InitPreview(source, destination, there, tables, roles, foreignKeys).print(console);
                return Outcome.DONE;
            }
            Init init = new Init(source, destination, there, roles, CommandClock.SYSTEM, console);
            List<String> left = init.run(tables, foreignKeys);
            if (!left.isEmpty()) {
                throw new CommandFailedException("not captured, since open transactions have been writing them all the"
                        + " time: " + String.join(", ", left) + "; run init again");
            }
            return Outcome.DONE;
        }
    }

    private ApplyMode mode(Database destination, String stream) throws OutageException {
        Optional<ApplyMode> now =
                destination.read("asking how the stream is applied", connection -> StoredMode.read(connection, stream));
        ApplyMode wanted = mode.map(this::named).or(() -> now).orElse(ApplyMode.CUTS);
        if (now.isPresent() && now.get() != wanted) {
            throw wrong("the destination applies stream " + stream + " " + now.get() + ": to apply it " + wanted
                    + ", run uninstall for it first, which lets the rows stay");
        }
        if (foreignKeys && wanted == ApplyMode.ROWS) {
            throw wrong("foreign keys do not hold where rows arrive in any order: leave out --foreign-keys");
        }
        return wanted;
    }

    private ApplyMode named(String text) {
        return switch (text) {
            case "cuts" -> ApplyMode.CUTS;
            case "rows" -> ApplyMode.ROWS;
            default -> throw wrong("--mode is cuts or rows, not " + text);
        };
    }
}
