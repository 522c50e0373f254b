package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.AppliedSnapshot;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.verify.Comparisons;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.window.Snapshot;
import java.time.Duration;
import java.util.List;

/**
 * Lets a stream of many tables go on when windows are missing: the newest cut on the topic counts as applied, and then every row that
 * differs is sent again. The windows that follow that cut are read from the topics as usual, since the offsets stay where they are.
 * Can be ended at any moment and run again.
 */
final class StreamResync {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final StreamTables tables;
    private final ResyncOptions options;
    private final CommandClock clock;
    private final Console console;

    StreamResync(StreamTables tables, ResyncOptions options, CommandClock clock, Console console) {
        this.tables = tables;
        this.options = options;
        this.clock = clock;
        this.console = console;
    }

    Outcome run() throws OutageException, InterruptedException {
        if (options.where().condition().isPresent() || !options.waits()) {
            throw new CommandFailedException("--where and --no-wait are for a stream of one table");
        }
        if (tables.mode() == ApplyMode.ROWS) {
            return rows();
        }
        AppliedSnapshot applied = tables.applied()
                .orElseThrow(() -> new CommandFailedException("the destination knows no stream " + tables.stream()
                        + ": run init, or cdc_destination_stream"));
        Cut newest = newest(applied);
        boolean missing = !Snapshot.parse(applied.snapshot()).covers(newest.s1());
        if (options.dryRun()) {
            console.say(
                    missing
                            ? "would take window " + newest.window() + ", the source's state of " + newest.takenAt()
                                    + ", for applied, and then send every row that differs; nothing was done"
                            : "the destination has all before the newest window; would send every row that differs; nothing was done");
            return Outcome.DONE;
        }
        if (missing) {
            skip(applied, newest);
        }
        return equal();
    }

    /** Nothing has to be passed over: the consumers read on where the topics go on. */
    private Outcome rows() throws OutageException, InterruptedException {
        if (options.dryRun()) {
            console.say("would send every row that differs; nothing was done");
            return Outcome.DONE;
        }
        return equal();
    }

    private Outcome equal() throws OutageException, InterruptedException {
        Comparisons comparisons = new Comparisons(
                new Comparisons.Choice(
                        options.where().condition(),
                        true,
                        options.confirmed(),
                        options.write().chunk(),
                        false),
                clock);
        // A repair ends when its rows have arrived; only a second look finds the destination whole again.
        List<RegisteredTable> all = tables.registered();
        comparisons.equal(tables, all, console);
        return comparisons.equal(tables, all, console) ? Outcome.DONE : Outcome.NOT_EQUAL;
    }

    /** After a reanchor this waits for the first window: the cuts of before show transactions that the source has lost. */
    private Cut newest(AppliedSnapshot applied) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        Cut newest = newest();
        while (applied.isBehind(newest)) {
            if (clock.since(begun).compareTo(PATIENCE) >= 0) {
                throw new CommandFailedException(
                        "the cut topic has no window since the destination was set to epoch " + applied.epoch()
                                + ", the newest is " + newest.window() + ": start the producer, and run this again");
            }
            clock.sleep(LOOK_AGAIN);
            newest = newest();
        }
        return newest;
    }

    private Cut newest() throws OutageException, InterruptedException {
        String topic = tables.stream() + CutRecord.TOPIC_SUFFIX;
        return new PatientTopics(tables.settings(), clock)
                .newestCut()
                .orElseThrow(() -> new CommandFailedException("topic " + topic
                        + " holds no cut: start the producer, which writes one every few seconds, and run this again"));
    }

    private void skip(AppliedSnapshot applied, Cut newest) throws OutageException {
        if (!tables.skipTo(applied, newest)) {
            throw new CommandFailedException("the consumer goes on meanwhile, so nothing is missing: nothing was done");
        }
        console.say(
                "window " + newest.window() + ", the source's state of " + newest.takenAt()
                        + ", counts as applied now; the windows before it that were missing are passed over. Sending every row that differs");
    }
}
