package io.rowrelay.it.stack;

import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A daemon's whole loop in a thread of this JVM, with what it says of itself. */
public final class RunningDaemon implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** The daemon's work, as its main runs it. */
    @FunctionalInterface
    interface Work {
        void run(Readiness readiness, StopSignal stop) throws Exception;
    }

    private final StopSignal stop = new StopSignal();
    private final Heard heard = new Heard();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    RunningDaemon(String name, Work work) {
        thread = new Thread(() -> run(work), name);
        thread.start();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void run(Work work) {
        try {
            work.run(heard, stop);
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        } catch (Exception fatal) {
            failure.set(fatal);
        }
    }

    /** Whether the daemon said last that it is ready. */
    public boolean isReady() {
        return heard.ready;
    }

    /** What the daemon said last. */
    public String reason() {
        return heard.reason;
    }

    /** Every different thing that the daemon said, in order. */
    public List<String> reasons() {
        return List.copyOf(heard.all);
    }

    /** Whether the daemon's loop has ended. */
    public boolean hasEnded() {
        return !thread.isAlive();
    }

    /** What ended the daemon, or null. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** Ends the daemon in the middle of whatever it does, without its finishing anything. */
    public void kill() {
        thread.interrupt();
        join();
    }

    /** Asks the daemon to stop and waits until it has. */
    @Override
    public void close() {
        stop.request();
        join();
    }

    private void join() {
        try {
            thread.join(DEADLINE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " does not end");
        }
    }

    private static final class Heard implements Readiness {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private volatile boolean ready;
        private volatile String reason = "starting";

        @Override
        public void ready(String why) {
            note(why);
            ready = true;
        }

        @Override
        public void notReady(String why) {
            note(why);
            ready = false;
        }

        private void note(String why) {
            if (!reason.equals(why)) {
                all.add(why);
            }
            reason = why;
        }

        @Override
        public void beat() {}
    }
}
