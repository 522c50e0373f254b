package io.rowrelay.consumer.cut;

import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.consumer.apply.DeadLetters;

/**
 * What the work of applying cuts reaches the world by.
 *
 * @param feed the topics
 * @param destination where windows are applied
 * @param deadLetters where records go that belong to no window
 * @param readiness where the daemon says how it is
 * @param metrics where it counts
 */
public record CutPorts(
        CutFeed feed, CutDestination destination, DeadLetters deadLetters, Readiness readiness, CutMetrics metrics) {}
