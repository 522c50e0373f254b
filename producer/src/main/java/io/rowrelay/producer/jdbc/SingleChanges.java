package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.stream.table.ChangeTable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes one by one, each in a transaction of its own: a value that the server cannot print, such as bytes that are no
 * text in UTF-8, makes the statement fail for all of them. Not thread-safe.
 */
final class SingleChanges {
    /** A failure that may be the server's has to come twice. */
    private static final int ATTEMPTS = 2;
    /** A value that prints as more than a GB is stored in more than this many bytes, however well it compresses. */
    private static final long LEAST_STORED = 1 << 20;
    /** A key that is not printed as it is ends after this many bytes. */
    private static final int LONGEST_KEY = 1_000;

    private final Connection connection;
    private final ChangeRows rows;
    private final String read;
    private final String key;
    private final String keyInAscii;
    private final String storedSize;
    private final int largestValue;

    SingleChanges(Connection connection, ChangeTable table, ChangeRows rows, int largestValue) {
        this.connection = connection;
        this.rows = rows;
        this.largestValue = largestValue;
        this.read = """
                WITH found AS NOT MATERIALIZED (SELECT c.* FROM %1$s c WHERE c.action_id = ?)
                SELECT %2$s, NULL::text, %3$s""".formatted(table.name(), table.definitionNow(), rows.selected("found"));
        String keyOfOne = ChangeKey.text(table.key(), "c");
        String ofOne = " FROM " + table.name() + " c WHERE c.action_id = ?";
        this.key = "SELECT " + keyOfOne + ofOne;
        this.storedSize = table.columns().stream()
                .map(column -> " + coalesce(pg_column_size(c." + column.name() + "), 0)")
                .collect(Collectors.joining("", "SELECT 0::bigint", ofOne));
        this.keyInAscii = "SELECT encode(substring(convert_to(" + keyOfOne + ", getdatabaseencoding()) FROM 1 FOR "
                + LONGEST_KEY + "), 'escape')" + ofOne;
    }

    /** The change with this head; without its value where that is too large or cannot be printed. */
    Change read(Change head) throws SQLException {
        SQLException last = new SQLException("not tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return whole(head);
            } catch (SQLException failure) {
                if (!SqlFailures.mayBeUnprintable(failure)) {
                    throw failure;
                }
                connection.rollback();
                last = failure;
            }
        }
        if (SqlFailures.isInternalError(last) && number(storedSize, head.actionId()) < LEAST_STORED) {
            // Its size is not the cause, so the server may be at fault.
            throw last;
        }
        return new Change(
                head.table(),
                head.actionId(),
                key(head.actionId()),
                null,
                0,
                head.changedAtMicros(),
                head.xid(),
                SqlFailures.explain(last));
    }

    private Change whole(Change head) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(read)) {
            statement.setLong(1, head.actionId());
            statement.setInt(2, largestValue);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Change change =
                        rows.change(row, row.getLong(ChangeRows.ACTION_ID)).orElse(head);
                connection.commit();
                if (change.actionId() != head.actionId()) {
                    throw new IllegalStateException("change " + head.actionId() + " has gone before it was published");
                }
                return change;
            }
        }
    }

    private long number(String sql, long actionId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, actionId);
            try (ResultSet row = statement.executeQuery()) {
                long number = row.next() ? row.getLong(1) : 0;
                connection.commit();
                return number;
            }
        }
    }

    /** The key as far as it can be printed: as it is, or each byte beyond ASCII as \\ and three octal digits. */
    private byte @Nullable [] key(long actionId) throws SQLException {
        for (String sql : new String[] {key, keyInAscii}) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, actionId);
                try (ResultSet row = statement.executeQuery()) {
                    String text = row.next() ? row.getString(1) : null;
                    connection.commit();
                    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
                }
            } catch (SQLException failure) {
                if (!SqlFailures.mayBeUnprintable(failure)) {
                    throw failure;
                }
                connection.rollback();
            }
        }
        return null;
    }
}
