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
import java.util.Optional;
import java.util.Random;

/**
 * Begins a stream again on a source that was restored or replaced: action_ids go on above every one that was ever seen
 * anywhere, so that no new change counts as an old one. What the change table held is superseded by the resync that
 * has to follow. Can be ended at any moment and run again.
 */
record Reanchor(
        Anchor anchor, DestinationTable destination, PatientTopics topics, CommandClock clock, Console console) {
    /** Room for changes that are not visible: in a former producer, or in the middle of the topic. */
    private static final long MARGIN = 1_000_000;

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Checks, and does it unless this is a dry run. */
    void run(boolean dryRun) throws OutageException, InterruptedException {
        lock();
        long base = Math.addExact(highest(), MARGIN);
        if (dryRun) {
            console.say("would be done: remove " + anchor.describe() + ", let action_ids go on after " + base);
            return;
        }
        console.say("anchored: action_ids go on after " + set(base));
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

    private long highest() throws OutageException, InterruptedException {
        long source = anchor.highestActionId();
        long shown = destination.highestActionId();
        long published = topics.recentChanges().stream()
                .mapToLong(PublishedChange::actionId)
                .max()
                .orElse(0);
        console.say("largest action_id: source=" + source + " topic=" + published + " destination=" + shown);
        return Math.max(source, Math.max(shown, published));
    }

    private long set(long base) throws OutageException, InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new Random());
        boolean said = false;
        while (true) {
            try {
                return anchor.set(base, MARGIN);
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
