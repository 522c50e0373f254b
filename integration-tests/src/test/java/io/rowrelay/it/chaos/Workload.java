package io.rowrelay.it.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** The sessions that write to the source, and the stranger on the topic, until they are told to end. Safe for any thread. */
final class Workload implements AutoCloseable {
    private static final int OWN_KEYS = 10_000_000;
    private static final int MIXED_SESSIONS = 4;
    private static final int LONG_SESSIONS = 3;
    private static final int LONGEST_HOLD_MILLIS = 90_000;

    private final CountDownLatch ending = new CountDownLatch(1);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<WriterSession> sessions = new ArrayList<>();
    private final History history = new History();
    private final String url;
    private final PoisonHabit poison;
    private final WriterSession poisoner;

    /** Starts nothing yet; long transactions are not longer than a part of the campaign. */
    Workload(String url) {
        this.url = url;
        this.poison = new PoisonHabit(firstKey(), history);
        this.poisoner = session();
    }

    private int firstKey() {
        return (sessions.size() + 1) * OWN_KEYS;
    }

    private WriterSession session() {
        WriterSession session = new WriterSession(url, history, ending);
        sessions.add(session);
        return session;
    }

    void start(SplittableRandom random, long campaignMillis) {
        start("poison", poisoner, poison, random.split());
        for (int i = 0; i < MIXED_SESSIONS; i++) {
            start("mixed-" + i, new MixedHabit(firstKey()), random.split());
        }
        start("fresh", new FreshHabit(firstKey()), random.split());
        start("hot", new HotHabit(firstKey()), random.split());
        start("bulk", new BulkHabit(firstKey()), random.split());
        int longest = (int) Math.min(LONGEST_HOLD_MILLIS, campaignMillis / 4);
        for (int i = 0; i < LONG_SESSIONS; i++) {
            start("long-" + i, new LongHabit(firstKey(), longest), random.split());
        }
    }

    private void start(String name, Habit habit, SplittableRandom random) {
        start(name, session(), habit, random);
    }

    private void start(String name, WriterSession session, Habit habit, SplittableRandom random) {
        run(name, () -> {
            while (ending.getCount() > 0) {
                habit.act(session, random);
            }
        });
    }

    /** Runs something beside the sessions; it is to end soon after the workload was told to. */
    void run(String name, Activity activity) {
        Thread thread = new Thread(
                () -> {
                    try {
                        activity.run();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException | Error failure) {
                        failures.add(new IllegalStateException("writer " + name + " failed", failure));
                    }
                },
                "chaos-" + name);
        thread.start();
        threads.add(thread);
    }

    /** Work of a thread of its own. */
    @FunctionalInterface
    interface Activity {
        void run() throws InterruptedException;
    }

    /** Opens when the workload is to end. */
    CountDownLatch ending() {
        return ending;
    }

    History history() {
        return history;
    }

    /** Lets poison come every second or so. */
    void poisonOften(boolean wanted) {
        poison.often(wanted);
    }

    /** Returns a session for a caller that writes from a thread of its own, and its first key. */
    Probe probe(String destinationUrl) {
        int key = firstKey();
        return new Probe(session(), key, destinationUrl);
    }

    /** Ends every session after its transaction, and leaves no row that the destination refuses. */
    void finish() throws InterruptedException {
        ending.countDown();
        for (Thread thread : threads) {
            thread.join(60_000);
            if (thread.isAlive()) {
                failures.add(new IllegalStateException(thread.getName() + " does not end"));
            }
        }
        poison.heal(poisoner);
        close();
    }

    /** What went wrong with the writers themselves. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        ending.countDown();
        threads.forEach(Thread::interrupt);
        sessions.forEach(WriterSession::disconnect);
    }
}
