package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.stream.record.RecordReader;

/**
 * What the work of applying reaches the world by.
 *
 * @param stream where records come from
 * @param reader what reads and validates a record
 * @param applier what writes changes to the destination
 * @param progress what the destination remembers of the topic
 * @param deadLetters where rejected records go
 * @param readiness where the daemon says how it is
 * @param metrics where it counts
 */
public record ApplyPorts(
        ChangeStream stream,
        RecordReader reader,
        ChangeApplier applier,
        Progress progress,
        DeadLetters deadLetters,
        Readiness readiness,
        ApplyMetrics metrics) {}
