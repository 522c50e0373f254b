package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.command.StreamCommand;
import io.rowrelay.admin.dlq.DlqSession;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.uninstall.Installation.Plan;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.stream.cut.CutRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code uninstall}: removes a stream from its databases. The replicated tables stay, as they were before. Each database is
 * cleaned in a transaction of its own; a second run goes on where the first one ended.
 */
@Command(
        name = "uninstall",
        description =
                "Removes a stream whose daemons are stopped from both databases: triggers, change table, checkpoint, action_id, tombstones and progress; with the last stream all tables and functions of Rowrelay. The replicated tables stay, with their rows.")
public final class UninstallCommand extends StreamCommand {
    private static final String SOURCE_ONLY = "--source-only";
    private static final String DESTINATION_ONLY = "--destination-only";
    private static final String DELETE_TOPICS = "--delete-topics";

    @Option(names = "--dry-run", description = "Print the SQL that would be run, and run nothing.")
    private boolean dryRun;

    @Option(names = SOURCE_ONLY, description = "Do not connect to the destination, and change nothing there.")
    private boolean sourceOnly;

    @Option(names = DESTINATION_ONLY, description = "Do not connect to the source, and change nothing there.")
    private boolean destinationOnly;

    @Option(
            names = DELETE_TOPICS,
            description = "Also delete the topic, and the dead-letter topic unless another stream uses it.")
    private boolean deleteTopics;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean confirmed;

    /** The tables of a stream of many. */
    private List<RegisteredTable> many = List.of();

    /**
     * What becomes of the topics.
     *
     * @param deleted the stream's topic, and the dead-letter topic unless another stream uses it
     * @param kept the others, each in words with the reason
     */
    private record Deletion(List<String> deleted, List<String> kept) {}

    @Override
    protected Outcome run(Settings settings, Console console) throws OutageException, InterruptedException {
        if (sourceOnly && destinationOnly) {
            throw wrong(SOURCE_ONLY + " and " + DESTINATION_ONLY + " leave nothing to do");
        }
        if (deleteTopics && (sourceOnly || destinationOnly)) {
            throw wrong(DELETE_TOPICS + " needs both sides: whether daemons still use the topics is seen there");
        }
        AdminSettings read = AdminSettings.from(settings);
        try (Database source = Database.sourceOfAnyVersion(read, Database.CHANGE);
                Database destination = Database.destinationOfAnyVersion(read, Database.CHANGE)) {
            many = destinationOnly
                    ? List.of()
                    : source.read(
                            "reading which tables the stream has",
                            connection -> RegisteredTable.read(
                                    connection, read.stream().name()));
            List<Installation> installations = new ArrayList<>();
            if (!destinationOnly) {
                installations.add(Installation.source(source, read));
            }
            if (!sourceOnly) {
                installations.add(Installation.destination(destination, read));
            }
            return remove(read, installations, console);
        }
    }

    private Outcome remove(AdminSettings settings, List<Installation> installations, Console console)
            throws OutageException, InterruptedException {
        if (!dryRun) {
            refuseWhileInUse(installations);
        }
        // Before anything is removed: then the destination still knows which streams share a topic.
        Deletion deletion = deleteTopics ? deletion(settings) : new Deletion(List.of(), List.of());
        if (dryRun) {
            installations.forEach(each -> print(each, console));
            print("-- ", deletion, console);
            printThatTopicsStay("-- ", settings, console);
            return Outcome.DONE;
        }
        installations.forEach(each -> each.plan().remarks().forEach(console::say));
        print("", deletion, console);
        if (!mayGoOn(settings.stream().name(), installations, deletion, console)) {
            console.say("nothing was removed");
            return Outcome.FAILED;
        }
        for (Installation each : installations) {
            String where = each.database().role();
            if (each.isEmpty()) {
                console.say("nothing to remove from the " + where);
            } else {
                each.remove();
                console.say("removed from the " + where + ": stream "
                        + settings.stream().name() + ", by "
                        + each.plan().statements().size() + " statements");
            }
        }
        if (!deletion.deleted().isEmpty()) {
            new PatientTopics(settings, CommandClock.SYSTEM).delete(deletion.deleted());
            console.say("deleted: " + named(deletion.deleted()));
        }
        printThatTopicsStay("", settings, console);
        return Outcome.DONE;
    }

    private Deletion deletion(AdminSettings settings) throws OutageException, InterruptedException {
        if (!many.isEmpty()) {
            // All are named after the stream, and no other one uses them.
            return new Deletion(topics(settings), List.of());
        }
        try (DlqSession session = new DlqSession(settings, CommandClock.SYSTEM)) {
            Optional<String> others = session.otherUsers();
            return others.isEmpty()
                    ? new Deletion(topics(settings), List.of())
                    : new Deletion(
                            List.of(settings.stream().topic()),
                            List.of("topic " + settings.stream().deadLetterTopic() + " stays: " + others.get()));
        }
    }

    private List<String> topics(AdminSettings settings) {
        if (!many.isEmpty()) {
            String stream = settings.stream().name();
            return Stream.concat(
                            many.stream().map(RegisteredTable::topic),
                            Stream.of(stream + ".dlq", stream + CutRecord.TOPIC_SUFFIX))
                    .toList();
        }
        return List.of(settings.stream().topic(), settings.stream().deadLetterTopic());
    }

    private boolean mayGoOn(String stream, List<Installation> installations, Deletion deletion, Console console) {
        boolean nothing = deletion.deleted().isEmpty() && installations.stream().allMatch(Installation::isEmpty);
        String where =
                installations.stream().map(each -> each.database().role()).collect(Collectors.joining(" and the "));
        return nothing
                || confirmed
                || console.confirm("Remove stream " + stream + " from the " + where
                        + (deletion.deleted().isEmpty() ? "" : ", and delete " + named(deletion.deleted())) + "?");
    }

    private static void refuseWhileInUse(List<Installation> installations) {
        List<String> daemons = installations.stream()
                .flatMap(each -> each.plan().daemons().stream())
                .toList();
        if (!daemons.isEmpty()) {
            throw new CommandFailedException(
                    "the stream is in use by " + String.join(", ", daemons) + ": stop its producer and consumer first");
        }
    }

    private static void print(Installation installation, Console console) {
        Plan plan = installation.plan();
        console.say("-- in the " + installation.database().role());
        plan.remarks().forEach(remark -> console.say("-- " + remark));
        plan.daemons().forEach(daemon -> console.say("-- still in use by " + daemon));
        if (plan.statements().isEmpty()) {
            console.say("-- nothing to remove");
            return;
        }
        console.say("BEGIN;");
        plan.statements().forEach(statement -> console.sayAll(statement + ";"));
        console.say("COMMIT;");
    }

    private static void print(String prefix, Deletion deletion, Console console) {
        if (!deletion.deleted().isEmpty()) {
            console.say(prefix + "to be deleted: " + named(deletion.deleted()));
        }
        deletion.kept().forEach(kept -> console.say(prefix + kept));
    }

    private void printThatTopicsStay(String prefix, AdminSettings settings, Console console) {
        if (!deleteTopics) {
            console.say(prefix + named(topics(settings))
                    + " stay; --delete-topics deletes them, dead letters only where no other stream has any there");
        }
    }

    private static String named(List<String> topics) {
        return (topics.size() == 1 ? "topic " : "topics ") + String.join(topics.size() > 2 ? ", " : " and ", topics);
    }
}
