package io.rowrelay.it.chaos;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.sandbox.load.SessionSource;
import io.rowrelay.sandbox.shop.ShopReader;
import io.rowrelay.sandbox.shop.ShopWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Sessions that write to the shop and sessions that read its copy, through all outages, until they are told to end. Safe for any thread. */
final class ShopActivity {
    private static final int WRITERS = 3;
    private static final int READERS = 3;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Work over one connection, which ends with it. */
    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    /** Begins to write, and to read. */
    void start(String sourceUrl, String destinationUrl, SplittableRandom random) {
        SessionSource source = () -> Databases.connect(sourceUrl);
        SessionSource destination = () -> Databases.connect(destinationUrl);
        for (int i = 0; i < WRITERS; i++) {
            SplittableRandom own = random.split();
            run("writer", () -> committed.addAndGet(new ShopWriter(source, ended::get, own.nextLong()).call()));
        }
        SplittableRandom counting = random.split();
        run("counter", () -> committed.addAndGet(Numbers.write(source, ended::get, counting)));
        for (int i = 0; i < READERS; i++) {
            SplittableRandom own = random.split();
            run("reader", () -> read(new ShopReader(destination, ended::get, own.nextLong())));
        }
        run(
                "reader of numbers",
                () -> Numbers.read(destination, ended::get, reads).ifPresent(wrong::add));
    }

    private void read(ShopReader reader) throws SQLException {
        try {
            reader.call();
        } finally {
            reads.addAndGet(reader.reads());
            reader.firstWrong().ifPresent(found -> wrong.add(reader.wrong() + " reads, first: " + found));
        }
    }

    /** What fails is tried again: servers come and go. */
    private void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    while (!ended.get()) {
                        try {
                            work.run();
                        } catch (SQLException | RuntimeException outage) {
                            LockSupport.parkNanos(PAUSE.toNanos());
                        }
                    }
                },
                "shop-" + name);
        thread.start();
        threads.add(thread);
    }

    /** Ends all sessions. */
    void finish() throws InterruptedException {
        ended.set(true);
        for (Thread thread : threads) {
            thread.join(60_000);
        }
    }

    /** How many transactions were committed by sessions that have ended. */
    long committed() {
        return committed.get();
    }

    /** How often the copy was read by sessions that have ended. */
    long reads() {
        return reads.get();
    }

    /** The states that never were. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
