package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.BusyException;
import io.rowrelay.admin.tables.DestinationTable;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.PublishedChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Begins a stream again on a source that was restored or replaced: action_ids go on above every one that was ever seen
 * anywhere, so that no new change counts as an old one. What the change table held is superseded by the resync that
 * has to follow. Can be ended at any moment and run again.
 */
record Reanchor(
        Anchor anchor, DestinationTable destination, PatientTopics topics, CommandClock clock, Console console) {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Checks, and does it unless this is a dry run. */
    void run(boolean dryRun) throws OutageException, InterruptedException {
        lock();
        ReanchorBase base = base();
        if (dryRun) {
            console.say(
                    "would be done: remove " + anchor.describe() + ", let action_ids go on after " + base.actionId());
            return;
        }
        console.say("anchored: action_ids go on after " + set(base));
    }

    /** The source is what it was, and only records of somebody else say otherwise: they become history. */
    void trustSource(boolean dryRun) throws OutageException, InterruptedException {
        lock();
        ReanchorBase base = base();
        console.say(
                dryRun
                        ? "would be done: let action_ids go on after " + base.actionId() + ", and nothing else"
                        : "anchored: action_ids go on after " + anchor.trust(base)
                                + "; start the producer, then run verify --repair: a record of somebody else may have been"
                                + " applied");
    }

    /** A producer that refuses to run, and is started again and again, holds the lock for a moment each time. */
    private void lock() throws OutageException, InterruptedException {
        Duration begun = clock.now();
        Optional<String> holder = anchor.lock();
        while (holder.isPresent()) {
            if (clock.since(begun).compareTo(LOCK_PATIENCE) >= 0) {
                throw new CommandFailedException(
                        "a producer of the stream is active (" + holder.get() + "): stop it, and any standby, first");
            }
            clock.sleep(FIRST_PAUSE);
            holder = anchor.lock();
        }
    }

    private ReanchorBase base() throws OutageException, InterruptedException {
        long source = anchor.highestActionId();
        long shown = destination.highestActionId();
        List<PublishedChange> recent = topics.recentChanges();
        List<PublishedChange> plausible = ReanchorBase.plausible(recent, source);
        recent.stream()
                .filter(change -> !plausible.contains(change))
                .distinct()
                .forEach(change -> console.say("passed over: record " + change.address() + " has action_id "
                        + change.actionId() + ", which no source can have reached: somebody else wrote it"));
        long published =
                plausible.stream().mapToLong(PublishedChange::actionId).max().orElse(0);
        console.say("largest action_id: source=" + source + " topic=" + published + " destination=" + shown);
        return ReanchorBase.above(source, shown, published);
    }

    private long set(ReanchorBase base) throws OutageException, InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new Random());
        boolean said = false;
        while (true) {
            try {
                return anchor.set(base);
            } catch (BusyException busy) {
                if (!said) {
                    console.say("waiting: " + busy.getMessage());
                    said = true;
                }
                clock.sleep(backoff.next());
            }
        }
    }
}
