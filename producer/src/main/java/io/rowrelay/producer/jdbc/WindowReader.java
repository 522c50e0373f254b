package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.jdbc.Reading.Way;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of changes by the window rule over one connection. Small windows are read whole in one round trip; once one
 * turns out large, windows are opened, measured and paged until they are small again. Not thread-safe.
 */
public final class WindowReader {
    private final Connection connection;
    private final WindowWork work;
    private final PageStatements statements;
    private final String openWindow;
    private final Reading narrow;
    private final Reading wide;
    private final Reading single;
    private @Nullable OpenWindow open;

    public WindowReader(
            Connection connection, CapturedTable captured, ChangeTable table, SourceOptions options, WindowWork work) {
        this(connection, captured, table, options, work, false);
    }

    /** Reads the transaction of each change too where that is asked for. */
    WindowReader(
            Connection connection,
            CapturedTable captured,
            ChangeTable table,
            SourceOptions options,
            WindowWork work,
            boolean transactions) {
        int pageSize = options.pageSize();
        int largestValue = options.largestValueBytes();
        this.connection = connection;
        this.work = work;
        ChangeRows anyWidth = new JsonRows(captured, table, transactions);
        PageStatements statements = new PageStatements(table, anyWidth);
        PageStatements narrowRows = new PageStatements(
                table, TextRows.of(captured, table, largestValue, transactions).orElse(anyWidth));
        PageStatements heads = new PageStatements(table, new HeadRows(captured, transactions));
        this.statements = statements;
        this.openWindow = statements.openWindow();
        this.narrow = new NarrowReading(connection, narrowRows, pageSize, largestValue);
        this.wide = new WideReading(connection, statements, pageSize, largestValue);
        this.single = new SingleReading(
                new WideReading(connection, heads, Math.min(pageSize, SingleReading.LARGEST_PAGE), largestValue),
                new SingleChanges(connection, table, anyWidth, largestValue));
    }

    private Reading reading() {
        return switch (work.way()) {
            case NARROW -> narrow;
            case WIDE -> wide;
            case SINGLE -> single;
        };
    }

    /** A row that cannot be printed makes every statement fail that reads it: then the rows around it are read one by one. */
    public Page read(Checkpoint from) throws SQLException, OutageException {
        if (work.way() != Way.SINGLE) {
            try {
                return readTogether(from);
            } catch (SQLException failure) {
                if (!SqlFailures.mayBeUnprintable(failure)) {
                    throw failure;
                }
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.setAutoCommit(false);
                work.expect(Way.SINGLE);
            }
        }
        return page(from);
    }

    private Page readTogether(Checkpoint from) throws SQLException, OutageException {
        if (from.windowSnapshot() == null && work.expectsSmall()) {
            // If anything ends it early, the next attempt has more time.
            work.expectSmall(false);
            Reading reading = reading();
            work.begins();
            ReadChanges read = reading.small(from.snapshot());
            work.expect(reading.next(read));
            if (!read.isCutShort() && read.changes().size() <= reading.smallWindow()) {
                work.expectSmall(true);
                return new Page(read.changes(), from.closed(read.snapshot(), read.lastActionId()), 0);
            }
        }
        return page(from);
    }

    private Page page(Checkpoint from) throws SQLException, OutageException {
        OpenWindow window = windowOf(from);
        // Before the first page of a window, lastActionId is still that of the window before.
        long after = from.windowSnapshot() == null ? 0 : from.lastActionId();
        int size = reading().pageSize();
        ReadChanges read = work.paging().run(connection, () -> readPage(from.snapshot(), window, after));
        if (!read.isCutShort() && read.changes().size() < size) {
            open = null;
            work.expectSmall(window.small());
            return new Page(read.changes(), from.closed(window.snapshot(), read.lastActionId()), 0);
        }
        OpenWindow left = window.after(read);
        open = left;
        return new Page(read.changes(), from.within(window.snapshot(), read.lastActionId()), left.remaining());
    }

    private ReadChanges readPage(String s1, OpenWindow window, long after) throws SQLException, OutageException {
        ReadChanges read = readPage(reading(), s1, window, after);
        boolean firstIsWide = read.isCutShort() && read.changes().isEmpty();
        if (!firstIsWide) {
            return read;
        }
        // The deadline ended with the transaction of the first.
        work.paging().renew(connection);
        return readPage(reading(), s1, window, after);
    }

    private ReadChanges readPage(Reading reading, String s1, OpenWindow window, long after)
            throws SQLException, OutageException {
        work.begins();
        ReadChanges read = reading.page(s1, window, after);
        work.expect(reading.next(read));
        return read;
    }

    private OpenWindow windowOf(Checkpoint from) throws SQLException, OutageException {
        OpenWindow known = open;
        return known != null && known.snapshot().equals(from.windowSnapshot())
                ? known
                : work.opening().run(connection, () -> openWindow(from));
    }

    private OpenWindow openWindow(Checkpoint from) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(openWindow)) {
            statement.setString(1, from.snapshot());
            statement.setString(2, from.snapshot());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                statements.refuseAltered(row.getLong(1));
                String taken = row.getString(2);
                String resumed = from.windowSnapshot();
                long size = row.getLong(3);
                OpenWindow window = new OpenWindow(
                        resumed == null ? taken : resumed,
                        row.getLong(4) - 1,
                        size,
                        size <= reading().smallWindow());
                connection.commit();
                return window;
            }
        }
    }
}
