package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Removes a stream from its databases: what is left of it is the tables that it replicated, as they were before. Each database is
 * cleaned in a transaction of its own; run again, it goes on with what is left.
 */
public final class Uninstall {
    private final String stream;
    private final Map<String, Installation> installations;
    private final StreamTopics topics;
    private final UninstallOptions options;
    private final Console console;

    /**
     * For one run.
     *
     * @param installations those to be removed, by "source" and "destination"
     */
    public Uninstall(
            String stream,
            Map<String, Installation> installations,
            StreamTopics topics,
            UninstallOptions options,
            Console console) {
        this.stream = stream;
        this.installations = new LinkedHashMap<>(installations);
        this.topics = topics;
        this.options = options;
        this.console = console;
    }

    /** Does it, or prints what it would do. */
    public Outcome run() throws OutageException, InterruptedException {
        Map<String, Installation.Plan> plans = new LinkedHashMap<>();
        for (Map.Entry<String, Installation> each : installations.entrySet()) {
            plans.put(each.getKey(), each.getValue().plan());
        }
        if (!options.dryRun()) {
            refuseWhileInUse(plans);
        }
        // Before anything is removed: then the destination still knows which streams share a topic.
        StreamTopics.Plan deletion = options.topics() ? topics.plan() : new StreamTopics.Plan(List.of(), List.of());
        if (options.dryRun()) {
            plans.forEach(this::print);
            tell("-- ", deletion);
            tellThatTopicsStay("-- ");
            return Outcome.DONE;
        }
        plans.values().forEach(plan -> plan.remarks().forEach(console::say));
        tell("", deletion);
        if (!mayGoOn(plans, deletion)) {
            console.say("nothing was removed");
            return Outcome.FAILED;
        }
        for (Map.Entry<String, Installation.Plan> each : plans.entrySet()) {
            remove(each.getKey(), each.getValue().statements());
        }
        if (!deletion.deleted().isEmpty()) {
            topics.delete(deletion.deleted());
            console.say("deleted: " + named(deletion.deleted()));
        }
        tellThatTopicsStay("");
        return Outcome.DONE;
    }

    private boolean mayGoOn(Map<String, Installation.Plan> plans, StreamTopics.Plan deletion) {
        boolean nothing = deletion.deleted().isEmpty()
                && plans.values().stream().allMatch(plan -> plan.statements().isEmpty());
        return nothing
                || options.confirmed()
                || console.confirm("Remove stream " + stream + " from the " + String.join(" and the ", plans.keySet())
                        + (deletion.deleted().isEmpty() ? "" : ", and delete " + named(deletion.deleted())) + "?");
    }

    private void remove(String where, List<String> statements) throws OutageException {
        if (statements.isEmpty()) {
            console.say("nothing to remove from the " + where);
            return;
        }
        Objects.requireNonNull(installations.get(where)).remove(statements);
        console.say("removed from the " + where + ": stream " + stream + ", by " + statements.size() + " statements");
    }

    private static void refuseWhileInUse(Map<String, Installation.Plan> plans) {
        List<String> daemons = new ArrayList<>();
        plans.values().forEach(plan -> daemons.addAll(plan.daemons()));
        if (!daemons.isEmpty()) {
            throw new CommandFailedException(
                    "the stream is in use by " + String.join(", ", daemons) + ": stop its producer and consumer first");
        }
    }

    private void print(String where, Installation.Plan plan) {
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

    private void tell(String prefix, StreamTopics.Plan deletion) {
        if (!deletion.deleted().isEmpty()) {
            console.say(prefix + "to be deleted: " + named(deletion.deleted()));
        }
        deletion.kept().forEach(kept -> console.say(prefix + kept));
    }

    private void tellThatTopicsStay(String prefix) {
        if (!options.topics()) {
            console.say(prefix + named(topics.names())
                    + " stay; --delete-topics deletes them, dead letters only where no other stream has any there");
        }
    }

    private static String named(List<String> topics) {
        return (topics.size() == 1 ? "topic " : "topics ") + String.join(" and ", topics);
    }
}
