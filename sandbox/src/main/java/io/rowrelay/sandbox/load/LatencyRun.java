package io.rowrelay.sandbox.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * The times from commit, which is when it has returned to the writer, to visible in the destination.
 *
 * @param samples the times; a row that was seen before its writer knew of its commit counts as zero
 * @param reachedPerSecond how many transactions a second there really were
 */
public record LatencyRun(Samples samples, double reachedPerSecond) {
    private static final Duration STRAGGLERS = Duration.ofSeconds(60);

    /** The form of the transactions that are written. */
    public record Writing(SessionSource source, WrittenRows rows, Schedule schedule, int firstId, int sessions) {}

    /** Runs the transactions in sessions of their own while an observer looks and tells how many rows it has seen. */
    public static LatencyRun of(Writing writing, SessionSource destination, IntConsumer progress) throws SQLException {
        Schedule schedule = writing.schedule;
        Transactions transactions = new Transactions(writing);
        Observer observer = new Observer(destination, writing);
        AtomicLong written = new AtomicLong(-1);
        List<Callable<Integer>> both = new ArrayList<>();
        both.add(() -> {
            int sum = 0;
            for (int committed : ConcurrentTasks.run(transactions.sessions())) {
                sum += committed;
            }
            written.set(sum);
            return sum;
        });
        both.add(() -> {
            observer.watch(written::get, schedule.length().plus(STRAGGLERS), progress);
            return 0;
        });
        ConcurrentTasks.run(both);
        return result(writing, transactions, observer);
    }

    private static LatencyRun result(Writing writing, Transactions transactions, Observer observer) {
        Schedule schedule = writing.schedule;
        int counted = 0;
        List<Long> times = new ArrayList<>();
        long firstNanos = Long.MAX_VALUE;
        long lastNanos = Long.MIN_VALUE;
        for (int i = 0; i < schedule.transactions(); i++) {
            long committedNanos = transactions.committedNanos(i);
            if (schedule.counts(i) && committedNanos != 0) {
                counted++;
                if (writing.rows.isSeen(i)) {
                    times.add(Math.max(observer.seenNanos(i) - committedNanos, 0));
                }
                firstNanos = Math.min(firstNanos, committedNanos);
                lastNanos = Math.max(lastNanos, committedNanos);
            }
        }
        Samples samples = new Samples(times.stream().mapToLong(nanos -> nanos).toArray());
        return new LatencyRun(samples, (counted - 1) / ((lastNanos - firstNanos) / 1e9));
    }
}
