package io.rowrelay.common.runtime;

import java.time.Duration;

/** How long a loop rests between its steps. Implementations need not be thread-safe. */
@FunctionalInterface
public interface Pace {
    /** Returns how long to rest after a step that did this much work; zero for not at all. */
    Duration after(int workDone);
}
