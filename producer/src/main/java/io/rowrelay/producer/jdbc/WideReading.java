package io.rowrelay.producer.jdbc;

import io.rowrelay.producer.capture.Change;
import java.sql.Connection;

/** Reads rows of any width, few at a time. A value that is larger than the broker takes is not read. Not thread-safe. */
final class WideReading extends TogetherReading {
    /** What one fetch may bring at most: the driver holds a fetch in memory whole. */
    private static final long FETCH_BYTES = 32L << 20;

    private static final int LEAST_FETCHED = 2;

    WideReading(Connection connection, PageStatements statements, int pageSize, int largestValue) {
        super(connection, statements, pageSize, largestValue, (int)
                Math.max(LEAST_FETCHED, Math.min(pageSize, FETCH_BYTES / largestValue)));
    }

    @Override
    boolean fits(Change change) {
        return true;
    }

    @Override
    public Way next(ReadChanges read) {
        return read.changes().stream().allMatch(NarrowReading::isNarrow) ? Way.NARROW : Way.WIDE;
    }
}
