package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads changes one by one, because a statement fails as a whole if it reads a row that cannot be printed. Not thread-safe.
 */
final class SingleReading implements Reading {
    /** Each is a round trip. */
    static final int LARGEST_PAGE = 200;

    private final Reading heads;
    private final SingleChanges changes;

    /** Which changes there are is for {@code heads} to read. */
    SingleReading(Reading heads, SingleChanges changes) {
        this.heads = heads;
        this.changes = changes;
    }

    @Override
    public int pageSize() {
        return heads.pageSize();
    }

    @Override
    public int smallWindow() {
        return 0;
    }

    @Override
    public ReadChanges small(String s1) {
        throw new UnsupportedOperationException("a window is measured before its changes are read one by one");
    }

    @Override
    public ReadChanges page(String s1, OpenWindow window, long after) throws SQLException, OutageException {
        List<Change> found = heads.page(s1, window, after).changes();
        List<Change> read = new ArrayList<>();
        long bytes = 0;
        for (Change head : found) {
            Change change = changes.read(head);
            read.add(change);
            bytes += TogetherReading.bytesInMemory(change);
            if (bytes >= TogetherReading.PAGE_BYTES) {
                break;
            }
        }
        boolean all = read.size() == found.size();
        return new ReadChanges("", read, all ? ReadChanges.End.ALL_READ : ReadChanges.End.FULL);
    }

    @Override
    public Way next(ReadChanges read) {
        return read.changes().stream().anyMatch(change -> change.unreadable() != null) ? Way.SINGLE : Way.WIDE;
    }
}
