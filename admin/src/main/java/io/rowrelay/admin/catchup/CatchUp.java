package io.rowrelay.admin.catchup;

import io.rowrelay.admin.catchup.StreamProgress.Seen;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.TopicEnds;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the destination has got everything that a snapshot of the source shows. The order is the proof: what is visible
 * in the snapshot is published; only then is the topic's end looked up, so it lies behind all of that; and up to there the
 * consumer says it has applied. Nothing is written for it, and an idle stream has passed at once.
 */
public final class CatchUp {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
    /** Without any move: the daemon does not run, or waits for something itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StreamProgress stream;
    private final Topic topic;

    /** The topic of the stream, as long as it is now. */
    @FunctionalInterface
    public interface Topic {
        TopicEnds ends() throws OutageException, InterruptedException;
    }

    public CatchUp(StreamProgress stream, Topic topic) {
        this.stream = stream;
        this.topic = topic;
    }

    /** One look at a daemon. */
    @FunctionalInterface
    private interface Look {
        Seen now() throws OutageException;
    }

    /** Waits until everything that is committed now has passed. */
    public void await(Progress progress) throws OutageException, InterruptedException {
        await(stream.snapshot(), progress);
    }

    /**
     * Waits for it.
     *
     * @param snapshot as PostgreSQL prints a pg_snapshot of the source
     * @throws CommandFailedException when a daemon does not move at all for a minute
     */
    public void await(String snapshot, Progress progress) throws OutageException, InterruptedException {
        await(() -> stream.published(snapshot), "the producer to publish what is in the change table", progress);
        TopicEnds ends = topic.ends();
        await(() -> stream.applied(ends), "the consumer to apply what is in the topic", progress);
        progress.waiting("");
    }

    private static void await(Look look, String awaited, Progress progress)
            throws OutageException, InterruptedException {
        Seen seen = look.now();
        long begun = System.nanoTime();
        long movedAt = begun;
        while (!seen.passed()) {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            Seen next = look.now();
            if (!next.state().equals(seen.state())) {
                movedAt = System.nanoTime();
            }
            seen = next;
            Duration still = Duration.ofNanos(System.nanoTime() - movedAt);
            if (still.compareTo(PATIENCE) >= 0) {
                throw new CommandFailedException("waited for " + awaited + ", but it has not moved for "
                        + PATIENCE.toSeconds() + " s: does it run, and is it ready? doctor says what it waits for");
            }
            if (System.nanoTime() - begun >= WORTH_TELLING.toNanos()) {
                progress.waiting("for " + awaited);
            }
        }
    }
}
