package io.rowrelay.producer.jdbc;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads many changes with one statement. Not thread-safe. */
abstract class TogetherReading implements Reading {
    /**
     * A page ends early when its values reach this size, so that wide rows cannot fill the memory; the pages in flight together
     * fit into the Kafka client's buffer.
     */
    static final long PAGE_BYTES = 4L << 20;

    final Connection connection;
    private final PageStatements statements;
    private final String smallWindow;
    private final String pageOfWindow;
    private final int pageSize;
    private final int largestValue;
    private final int fetchSize;

    /** Does not read values above {@code largestValue} bytes, and fetches {@code fetchSize} rows at once. */
    TogetherReading(Connection connection, PageStatements statements, int pageSize, int largestValue, int fetchSize) {
        this.connection = connection;
        this.statements = statements;
        this.smallWindow = statements.smallWindow();
        this.pageOfWindow = statements.pageOfWindow();
        this.pageSize = pageSize;
        this.largestValue = largestValue;
        this.fetchSize = fetchSize;
    }

    /** Whether this way can read a change; reading ends before the first one that it cannot read. */
    abstract boolean fits(Change change);

    /** What a change takes in the memory, in bytes. */
    static long bytesInMemory(Change change) {
        return change.value() == null ? 0 : change.valueBytes();
    }

    @Override
    public final int pageSize() {
        return pageSize;
    }

    @Override
    public final int smallWindow() {
        return Math.min(pageSize, statements.form().mostUnmeasured());
    }

    @Override
    public ReadChanges small(String s1) throws SQLException, OutageException {
        int limit = smallWindow() + 1;
        try (PreparedStatement statement = connection.prepareStatement(smallWindow)) {
            statement.setString(1, s1);
            statement.setInt(2, limit);
            statement.setString(3, s1);
            statement.setInt(4, limit);
            statement.setInt(5, limit);
            statement.setInt(6, largestValue);
            return changes(statement);
        }
    }

    @Override
    public final ReadChanges page(String s1, OpenWindow window, long after) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(pageOfWindow)) {
            statement.setLong(1, Math.max(after, window.laterArmAfter()));
            statement.setString(2, s1);
            statement.setString(3, window.snapshot());
            statement.setInt(4, pageSize);
            statement.setString(5, s1);
            statement.setString(6, window.snapshot());
            statement.setLong(7, after);
            statement.setInt(8, pageSize);
            statement.setInt(9, pageSize);
            statement.setInt(10, largestValue);
            return changes(statement);
        }
    }

    private ReadChanges changes(PreparedStatement statement) throws SQLException, OutageException {
        statement.setFetchSize(fetchSize);
        ReadChanges read;
        try (ResultSet row = statement.executeQuery()) {
            read = changes(row);
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        return read;
    }

    private ReadChanges changes(ResultSet row) throws SQLException, OutageException {
        List<Change> changes = new ArrayList<>();
        String snapshot = "";
        long last = Long.MIN_VALUE;
        long bytes = 0;
        while (row.next()) {
            if (changes.isEmpty()) {
                statements.refuseAltered(row.getLong(1));
                snapshot = String.valueOf(row.getString(2));
            }
            long actionId = row.getLong(ChangeRows.ACTION_ID);
            if (row.wasNull()) {
                break;
            }
            refuseDisorder(last, actionId);
            Optional<Change> change = statements.form().change(row, actionId);
            if (change.isEmpty() || !fits(change.get())) {
                return new ReadChanges(snapshot, changes, ReadChanges.End.TOO_WIDE);
            }
            changes.add(change.get());
            last = actionId;
            bytes += bytesInMemory(change.get());
            if (bytes >= PAGE_BYTES) {
                return new ReadChanges(snapshot, changes, ReadChanges.End.FULL);
            }
        }
        return new ReadChanges(snapshot, changes, ReadChanges.End.ALL_READ);
    }

    /** The statements do not sort; the order follows from their plan ({@link ChangeRows#selected}). */
    private void refuseDisorder(long last, long next) {
        if (next <= last) {
            throw new IllegalStateException(
                    "change " + next + " of " + statements.table() + " came after change " + last);
        }
    }
}
