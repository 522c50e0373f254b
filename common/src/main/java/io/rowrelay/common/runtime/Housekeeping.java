package io.rowrelay.common.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task with a chore beside it, by the same thread: a small piece of the chore now and then, sooner while there is more
 * of it. A chore that fails is reported and tried again later; the task goes on. Not thread-safe.
 */
public final class Housekeeping implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration REST = Duration.ofMinutes(1);
    private static final Duration REST_WHILE_BUSY = Duration.ofMillis(50);

    private final Task task;
    private final Task chore;
    private final LongSupplier nanoClock;
    private final OutageReport failures;
    private long dueAt;

    /** The chore is first due a minute from now. */
    public Housekeeping(Task task, Task chore, LongSupplier nanoClock) {
        this.task = task;
        this.chore = chore;
        this.nanoClock = nanoClock;
        this.failures = new OutageReport(Readiness.UNHEARD, () -> {});
        this.dueAt = nanoClock.getAsLong() + REST.toNanos();
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        int done = task.step();
        if (nanoClock.getAsLong() - dueAt >= 0) {
            Duration rest = tidy() > 0 ? REST_WHILE_BUSY : REST;
            dueAt = nanoClock.getAsLong() + rest.toNanos();
        }
        return done;
    }

    private int tidy() throws InterruptedException {
        try {
            int done = chore.step();
            failures.succeeded();
            LOG.debug("housekeeping removed={}", done);
            return done;
        } catch (OutageException failure) {
            failures.failed(failure);
            return 0;
        }
    }
}
