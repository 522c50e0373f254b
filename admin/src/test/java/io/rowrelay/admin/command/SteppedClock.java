package io.rowrelay.admin.command;

import java.time.Duration;

/** A clock that only moves when somebody sleeps or steps it. */
public final class SteppedClock implements CommandClock {
    private Duration now = Duration.ZERO;

    @Override
    public Duration now() {
        return now;
    }

    @Override
    public void sleep(Duration pause) {
        if (!pause.isNegative()) {
            step(pause);
        }
    }

    /** Lets time pass. */
    public void step(Duration time) {
        now = now.plus(time);
    }
}
