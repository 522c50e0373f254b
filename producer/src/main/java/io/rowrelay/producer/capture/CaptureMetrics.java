package io.rowrelay.producer.capture;

import java.util.List;

/** What the capture step reports. Implementations are fast and never throw. */
public interface CaptureMetrics {
    /** Changes were read, at least one; {@code waiting} more of their window are known to wait. */
    void captured(List<Change> changes, long waiting);

    /** Changes were acknowledged; called once for each page. */
    void published(List<Change> changes);

    /** Nothing is waiting at the source. */
    void caughtUp();

    /** The topic has lost at most this many records that it had acknowledged; they are published again. */
    void topicLost(long records);

    /** Some of the lost records could not be published again: the change table no longer had them. */
    void topicLossIncomplete();

    /** Whether the stream is paused; called again and again. */
    void paused(boolean paused);
}
