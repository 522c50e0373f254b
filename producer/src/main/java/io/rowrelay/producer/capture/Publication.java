package io.rowrelay.producer.capture;

import java.time.Duration;

/** Changes on their way to the topic. */
public interface Publication {
    /** Whether all are acknowledged by all in-sync replicas, or dead-lettered and that acknowledged. */
    boolean isAcknowledged();

    /** Waits for the acknowledgement, at most as long as given; returns whether it came. */
    boolean await(Duration atMost) throws InterruptedException;
}
