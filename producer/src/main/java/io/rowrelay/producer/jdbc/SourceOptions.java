package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.UnsoundTable;
import java.time.Duration;

/**
 * How a source is read.
 *
 * @param pageSize the most changes read at once
 * @param largestValueBytes the largest value that is worth reading
 * @param lookInterval the wait between two looks while nothing happens
 * @param flushRule which standbys must have a change before it is published
 * @param unsoundTable what to do with a table of several whose capture is not sound
 */
public record SourceOptions(
        int pageSize, int largestValueBytes, Duration lookInterval, FlushRule flushRule, UnsoundTable unsoundTable) {

    /** Those for a stream of one table, which stops where its capture is not sound. */
    public SourceOptions(int pageSize, int largestValueBytes, Duration lookInterval, FlushRule flushRule) {
        this(pageSize, largestValueBytes, lookInterval, flushRule, UnsoundTable.STOP);
    }
}
