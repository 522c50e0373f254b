package io.rowrelay.admin.resync;

import io.rowrelay.admin.command.Console.Progress;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Writes keys in transactions that give up soon instead of waiting for locks, and tries again with fewer keys and after a
 * growing pause, for as long as it takes. So no session of an application waits long for them. Not thread-safe.
 */
final class ChunkWriter {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration WORTH_TELLING = Duration.ofSeconds(2);

    /** One transaction. */
    @FunctionalInterface
    interface Write {
        int run(List<RowKey> keys) throws BusyException, TransientFailureException;
    }

    private final Write write;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new Random());
    private final int largest;
    private int size;

    ChunkWriter(Write write, int chunk) {
        this.write = write;
        this.largest = chunk;
        this.size = chunk;
    }

    /** Writes all of them; returns how many changes that made. */
    int write(List<RowKey> keys, Progress progress) throws TransientFailureException, InterruptedException {
        int written = 0;
        long writtenAt = System.nanoTime();
        int from = 0;
        while (from < keys.size()) {
            List<RowKey> chunk = keys.subList(from, Math.min(keys.size(), from + size));
            try {
                written += write.run(chunk);
                from += chunk.size();
                size = Math.min(largest, size * 2);
                backoff.reset();
                progress.waiting("");
                writtenAt = System.nanoTime();
            } catch (BusyException busy) {
                size = Math.max(1, size / 2);
                if (System.nanoTime() - writtenAt >= WORTH_TELLING.toNanos()) {
                    progress.waiting(String.valueOf(busy.getMessage()));
                }
                TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
            }
        }
        return written;
    }
}
