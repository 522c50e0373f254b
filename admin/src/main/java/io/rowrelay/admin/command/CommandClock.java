package io.rowrelay.admin.command;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that passes while a command works. Tests step it by hand. */
public interface CommandClock {
    /** That of this machine. */
    CommandClock SYSTEM = new CommandClock() {
        @Override
        public Duration now() {
            return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    };

    /** The time since some moment, which is the same for as long as the process runs. */
    Duration now();

    /** Pauses; not at all if the time is not positive. */
    void sleep(Duration pause) throws InterruptedException;

    /** How long it is since a moment from {@link #now}. */
    default Duration since(Duration moment) {
        return now().minus(moment);
    }
}
