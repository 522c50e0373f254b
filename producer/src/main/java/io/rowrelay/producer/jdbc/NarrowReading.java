package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads narrow rows, many at a time, and ends before the first wide one. Not thread-safe. */
final class NarrowReading extends TogetherReading {
    /**
     * Values up to this size are fetched many at a time. Each fetch is a round trip, and what is fetched behind the end of a
     * page was printed for nothing: so a fetch has at most what fills a page.
     */
    private static final int LARGEST_VALUE = 8 << 10;

    private static final int FETCH_SIZE = (int) (PAGE_BYTES / LARGEST_VALUE);

    NarrowReading(Connection connection, PageStatements statements, int pageSize, int largestValue) {
        super(connection, statements, pageSize, Math.min(LARGEST_VALUE, largestValue), Math.min(pageSize, FETCH_SIZE));
    }

    static boolean isNarrow(Change change) {
        return change.valueBytes() <= LARGEST_VALUE;
    }

    @Override
    boolean fits(Change change) {
        return change.value() != null;
    }

    /**
     * Most polls find nothing. Without a transaction around it, such a poll is one round trip. The rows then come all at once,
     * which only narrow ones may.
     */
    @Override
    public ReadChanges small(String s1) throws SQLException, OutageException {
        connection.setAutoCommit(true);
        ReadChanges read = super.small(s1);
        connection.setAutoCommit(false);
        return read;
    }

    @Override
    public Way next(ReadChanges read) {
        return read.end() == ReadChanges.End.TOO_WIDE ? Way.WIDE : Way.NARROW;
    }
}
