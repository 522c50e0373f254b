package io.rowrelay.common.runtime;

import java.time.Duration;

/** Repeats the steps of a task until stop is asked: at once while there is work, paced when idle or out. */
public final class TaskLoop {
    private final Task task;
    private final Pace pace;
    private final Backoff backoff;
    private final OutageReport outages;
    private final Readiness readiness;
    private final StopSignal stop;

    /** All parts belong to this loop alone, but for readiness and the stop signal. */
    public TaskLoop(Task task, Pace pace, Backoff backoff, OutageReport outages, Readiness readiness, StopSignal stop) {
        this.task = task;
        this.pace = pace;
        this.backoff = backoff;
        this.outages = outages;
        this.readiness = readiness;
        this.stop = stop;
    }

    /** Runs until stop is asked; what a step throws beyond an outage ends the loop. */
    public void run() throws InterruptedException {
        while (!stop.isRequested()) {
            readiness.beat();
            Duration rest = step();
            if (!rest.isZero()) {
                stop.await(rest);
            }
        }
    }

    private Duration step() throws InterruptedException {
        try {
            int done = task.step();
            outages.succeeded();
            backoff.reset();
            return pace.after(done);
        } catch (OutageException failure) {
            outages.failed(failure);
            return backoff.next();
        }
    }
}
