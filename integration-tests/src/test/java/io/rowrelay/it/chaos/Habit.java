package io.rowrelay.it.chaos;

import java.util.SplittableRandom;

/** What a session of the workload does again and again. */
@FunctionalInterface
interface Habit {
    /** Does it once, with the pause after it. */
    void act(WriterSession session, SplittableRandom random) throws InterruptedException;
}
