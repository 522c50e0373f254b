package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.OutageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Writes keys in transactions that hold locks for some milliseconds and give up soon instead of waiting for one, and tries
 * again with fewer keys and after a growing pause, until it succeeds. So no session of an application waits long for them. Not
 * thread-safe.
 */
public final class ChunkWriter {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration WORTH_TELLING = Duration.ofSeconds(2);

    /** One transaction. */
    @FunctionalInterface
    public interface Write {
        Written run(List<RowKey> keys) throws BusyException, OutageException;
    }

    private final Write write;
    private final CommandClock clock;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new Random());
    private final ChunkSize size;
    private final Throttle throttle;
    private Duration from;
    private int tried;

    /** As fast as it goes. */
    public ChunkWriter(Write write, int chunk, CommandClock clock) {
        this(write, chunk, Optional.empty(), clock);
    }

    /**
     * Rests after each transaction, so that no more is written than the rate allows.
     *
     * @param chunk rows of a transaction at most
     * @param rowsPerSecond rows written in a second at most
     */
    public ChunkWriter(Write write, int chunk, Optional<Integer> rowsPerSecond, CommandClock clock) {
        this.write = write;
        this.clock = clock;
        this.size = new ChunkSize(Math.min(chunk, rowsPerSecond.orElse(chunk)));
        this.throttle = new Throttle(rowsPerSecond);
        this.from = clock.now();
    }

    /** Writes all of them; returns how many changes that made. */
    public int write(List<RowKey> keys, Progress progress) throws OutageException, InterruptedException {
        int written = 0;
        int next = 0;
        List<RowKey> left = new ArrayList<>();
        while (next < keys.size()) {
            Written done = persistently(keys.subList(next, keys.size()), progress);
            written += done.rows();
            next += tried;
            left.addAll(done.left());
            rest(done.rows());
        }
        for (RowKey key : left) {
            Written done = persistently(List.of(key), progress);
            written += done.rows();
            rest(done.rows());
        }
        return written;
    }

    private void rest(int rows) throws InterruptedException {
        clock.sleep(throttle.rest(rows, clock.since(from)));
        from = clock.now();
    }

    /** Writes some of them, from the first on. */
    private Written persistently(List<RowKey> keys, Progress progress) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        while (true) {
            tried = Math.min(keys.size(), size.rows());
            try {
                Written done = write.run(keys.subList(0, tried));
                size.held(done.held(), tried);
                backoff.reset();
                progress.waiting("");
                return done;
            } catch (BusyException busy) {
                size.busy();
                if (clock.since(begun).compareTo(WORTH_TELLING) >= 0) {
                    progress.waiting(String.valueOf(busy.getMessage()));
                }
                clock.sleep(backoff.next());
            }
        }
    }
}
