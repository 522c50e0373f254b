package io.rowrelay.producer.jdbc;

import java.time.Duration;

/**
 * How a source is read.
 *
 * @param pageSize the most changes read at once
 * @param largestValueBytes the largest value that is worth reading
 * @param lookInterval the wait between two looks while nothing happens
 * @param flushRule which standbys must have a change before it is published
 */
public record SourceOptions(int pageSize, int largestValueBytes, Duration lookInterval, FlushRule flushRule) {}
