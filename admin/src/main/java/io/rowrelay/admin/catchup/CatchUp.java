package io.rowrelay.admin.catchup;

import io.rowrelay.admin.catchup.StreamProgress.Seen;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.kafka.TopicEnds;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Waits until the destination has got everything that a snapshot of the source shows. The order is the proof: what is visible
 * in the snapshot is published; only then is the topic's end looked up, so it lies behind all of that; and up to there the
 * consumer says it has applied. It writes nothing, and an idle stream has caught up at once.
 */
public final class CatchUp {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
    /** Without progress for this long, the daemon does not run or waits for something itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StreamProgress progress;
    private final PatientTopics topics;
    private final CommandClock clock;
    private final boolean inCuts;
    private final List<RegisteredTable> rows;

    public CatchUp(StreamTables tables, PatientTopics topics, CommandClock clock) throws OutageException {
        this.progress = new StreamProgress(tables);
        this.topics = topics;
        this.clock = clock;
        boolean byRow = tables.isOfMany() && tables.mode() == ApplyMode.ROWS;
        this.inCuts = tables.isOfMany() && !byRow;
        this.rows = byRow ? tables.registered() : List.of();
    }

    /** One look at a daemon. */
    @FunctionalInterface
    interface Look {
        Seen now() throws OutageException, InterruptedException;
    }

    /** Waits until everything that is committed now is applied. */
    public void await(Progress shown) throws OutageException, InterruptedException {
        await(progress.snapshot(), shown);
    }

    /**
     * Waits for it.
     *
     * @param snapshot as PostgreSQL prints a pg_snapshot of the source
     * @throws CommandFailedException when a daemon does not move at all for a minute
     */
    public void await(String snapshot, Progress shown) throws OutageException, InterruptedException {
        if (inCuts) {
            await(
                    () -> progress.cut(snapshot),
                    "the producer to publish what is in the change tables and the consumer to apply it",
                    shown,
                    clock);
            shown.waiting("");
            return;
        }
        if (!rows.isEmpty()) {
            awaitRows(snapshot, shown);
            return;
        }
        await(() -> progress.published(snapshot), "the producer to publish what is in the change table", shown, clock);
        TopicEnds ends = topics.ends();
        await(() -> progress.applied(ends), "the consumer to apply what is in the topic", shown, clock);
        shown.waiting("");
    }

    /** The newest cut says what is published of all tables. */
    private void awaitRows(String snapshot, Progress shown) throws OutageException, InterruptedException {
        await(
                () -> StreamProgress.cut(topics.newestCut(), snapshot),
                "the producer to publish what is in the change tables",
                shown,
                clock);
        Map<String, TopicEnds> ends =
                topics.ends(rows.stream().map(RegisteredTable::topic).toList());
        await(() -> progress.applied(ends), "the consumers to apply what is in the topics", shown, clock);
        shown.waiting("");
    }

    static void await(Look look, String awaited, Progress shown, CommandClock clock)
            throws OutageException, InterruptedException {
        Seen seen = look.now();
        Duration begun = clock.now();
        Duration movedAt = begun;
        while (!seen.passed()) {
            clock.sleep(LOOK_AGAIN);
            Seen next = look.now();
            if (!next.state().equals(seen.state())) {
                movedAt = clock.now();
            }
            seen = next;
            if (clock.since(movedAt).compareTo(PATIENCE) >= 0) {
                throw new CommandFailedException("waited for " + awaited + ", but it has not moved for "
                        + PATIENCE.toSeconds() + " s: does it run, and is it ready? doctor says what it waits for");
            }
            if (clock.since(begun).compareTo(WORTH_TELLING) >= 0) {
                shown.waiting("for " + awaited);
            }
        }
    }
}
