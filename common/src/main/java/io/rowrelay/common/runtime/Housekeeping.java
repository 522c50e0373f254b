package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task with chores beside it, by the same thread: a small step of a chore now and then, sooner while there is more to do. A
 * chore that fails is reported and tried again later; the task and the other chores go on. Not thread-safe.
 */
public final class Housekeeping implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration REST = Duration.ofMinutes(1);
    private static final Duration REST_WHILE_BUSY = Duration.ofMillis(50);

    private final Task task;
    private final List<Chore> chores;
    private final LongSupplier nanoClock;

    /** The chores are first due a minute from now. */
    public Housekeeping(Task task, List<? extends Task> chores, LongSupplier nanoClock) {
        this.task = task;
        this.nanoClock = nanoClock;
        this.chores = chores.stream().map(Chore::new).toList();
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        int done = task.step();
        for (Chore chore : chores) {
            chore.doWhenDue();
        }
        return done;
    }

    private final class Chore {
        private final Task work;
        private final OutageReport failures = new OutageReport(Readiness.UNHEARD, () -> {});
        private long dueAt = nanoClock.getAsLong() + REST.toNanos();

        Chore(Task work) {
            this.work = work;
        }

        void doWhenDue() throws InterruptedException {
            if (nanoClock.getAsLong() - dueAt >= 0) {
                Duration rest = work() > 0 ? REST_WHILE_BUSY : REST;
                dueAt = nanoClock.getAsLong() + rest.toNanos();
            }
        }

        private int work() throws InterruptedException {
            try {
                int done = work.step();
                failures.succeeded();
                LOG.debug("housekeeping removed={}", done);
                return done;
            } catch (OutageException failure) {
                failures.failed(failure);
                return 0;
            }
        }
    }
}
