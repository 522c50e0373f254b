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
import io.rowrelay.admin.uninstall.Installation.Plan;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
        try (Database source = Database.source(read, Database.CHANGE);
                Database destination = Database.destination(read, Database.CHANGE)) {
            Map<String, Installation> installations = new LinkedHashMap<>();
            if (!destinationOnly) {
                installations.put("source", Installation.source(source, read));
            }
            if (!sourceOnly) {
                installations.put("destination", Installation.destination(destination, read));
            }
            return remove(read, installations, console);
        }
    }

    private Outcome remove(AdminSettings settings, Map<String, Installation> installations, Console console)
            throws OutageException, InterruptedException {
        Map<String, Plan> plans = new LinkedHashMap<>();
        for (Map.Entry<String, Installation> each : installations.entrySet()) {
            plans.put(each.getKey(), each.getValue().plan());
        }
        if (!dryRun) {
            refuseWhileInUse(plans);
        }
        // Before anything is removed: then the destination still knows which streams share a topic.
        Deletion deletion = deleteTopics ? deletion(settings) : new Deletion(List.of(), List.of());
        if (dryRun) {
            plans.forEach((where, plan) -> print(where, plan, console));
            print("-- ", deletion, console);
            printThatTopicsStay("-- ", settings, console);
            return Outcome.DONE;
        }
        plans.values().forEach(plan -> plan.remarks().forEach(console::say));
        print("", deletion, console);
        if (!mayGoOn(settings.stream().name(), plans, deletion, console)) {
            console.say("nothing was removed");
            return Outcome.FAILED;
        }
        for (Map.Entry<String, Installation> each : installations.entrySet()) {
            Plan plan = plans.getOrDefault(each.getKey(), new Plan(List.of(), List.of(), List.of()));
            if (plan.statements().isEmpty()) {
                console.say("nothing to remove from the " + each.getKey());
            } else {
                each.getValue().remove(plan.statements());
                console.say("removed from the " + each.getKey() + ": stream "
                        + settings.stream().name() + ", by " + plan.statements().size() + " statements");
            }
        }
        if (!deletion.deleted().isEmpty()) {
            new PatientTopics(settings, CommandClock.SYSTEM).delete(deletion.deleted());
            console.say("deleted: " + named(deletion.deleted()));
        }
        printThatTopicsStay("", settings, console);
        return Outcome.DONE;
    }

    private static Deletion deletion(AdminSettings settings) throws OutageException, InterruptedException {
        try (DlqSession session = new DlqSession(settings, CommandClock.SYSTEM)) {
            Optional<String> others = session.otherUsers();
            return others.isEmpty()
                    ? new Deletion(topics(settings), List.of())
                    : new Deletion(
                            List.of(settings.stream().topic()),
                            List.of("topic " + settings.stream().deadLetterTopic() + " stays: " + others.get()));
        }
    }

    private static List<String> topics(AdminSettings settings) {
        return List.of(settings.stream().topic(), settings.stream().deadLetterTopic());
    }

    private boolean mayGoOn(String stream, Map<String, Plan> plans, Deletion deletion, Console console) {
        boolean nothing = deletion.deleted().isEmpty()
                && plans.values().stream().allMatch(plan -> plan.statements().isEmpty());
        return nothing
                || confirmed
                || console.confirm("Remove stream " + stream + " from the " + String.join(" and the ", plans.keySet())
                        + (deletion.deleted().isEmpty() ? "" : ", and delete " + named(deletion.deleted())) + "?");
    }

    private static void refuseWhileInUse(Map<String, Plan> plans) {
        List<String> daemons = new ArrayList<>();
        plans.values().forEach(plan -> daemons.addAll(plan.daemons()));
        if (!daemons.isEmpty()) {
            throw new CommandFailedException(
                    "the stream is in use by " + String.join(", ", daemons) + ": stop its producer and consumer first");
        }
    }

    private static void print(String where, Plan plan, Console console) {
        console.say("-- in the " + where);
        plan.remarks().forEach(remark -> console.say("-- " + remark));
        plan.daemons().forEach(daemon -> console.say("-- still in use by " + daemon));
        if (plan.statements().isEmpty()) {
            console.say("-- nothing to remove");
            return;
        }
        console.say(plan.statements().stream()
                .map(statement -> statement + ";")
                .collect(Collectors.joining(
                        System.lineSeparator(),
                        "BEGIN;" + System.lineSeparator(),
                        System.lineSeparator() + "COMMIT;")));
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
        return (topics.size() == 1 ? "topic " : "topics ") + String.join(" and ", topics);
    }
}
