package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.table.ChangeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of changes by the window rule over one connection. Small windows are read whole in one round trip; once one
 * turns out large, windows are opened, measured and paged until they are small again. Not thread-safe.
 */
final class WindowReader {
    /** A page ends early when its values reach this size, so that wide rows cannot fill the memory; the pages
     * in flight together fit into the Kafka client's buffer.
     */
    private static final long PAGE_BYTES = 4L << 20;
    /** What one fetch of wide rows may bring at most: the driver holds a fetch in memory whole. */
    private static final long FETCH_BYTES = 32L << 20;
    /**
     * Values up to this size are fetched many at a time, in a page no more of them than make one: each fetch is a round trip, and
     * what is fetched behind the end of a page was printed for nothing.
     */
    private static final int NARROW_VALUE = 8 << 10;

    /** Each is a round trip. */
    private static final int MOST_ONE_BY_ONE = 200;

    private static final int NARROW_FETCH = (int) (PAGE_BYTES / NARROW_VALUE);

    /**
     * The window being paged: where its later arm begins, how many changes are still to be read, and whether it could have been
     * read unmeasured, for all that is known so far.
     */
    private record OpenWindow(String snapshot, long laterArmAfter, long remaining, boolean small) {
        OpenWindow after(Rows page) {
            long left = Math.max(0, remaining - page.changes().size());
            return new OpenWindow(snapshot, laterArmAfter, left, small && !page.cutShort());
        }
    }

    /** Statements that return changes, and the form in which they do. */
    private record Reading(ChangeRows form, String smallWindow, String pageOfWindow) {
        static Reading of(ChangeTable table, ChangeRows form) {
            PageStatements statements = new PageStatements(table, form);
            return new Reading(form, statements.smallWindow(), statements.pageOfWindow());
        }
    }

    private record Rows(String snapshot, List<Change> changes, boolean cutShort) {}

    private final Connection connection;
    private final ChangeTable table;
    private final String openWindow;
    private final Reading narrowRows;
    private final Reading wideRows;
    private final int pageSize;
    private final int largestValue;
    private final int wideFetch;
    private final WindowWork work;
    private final Reading heads;
    private final SingleChanges singles;
    private @Nullable OpenWindow open;

    WindowReader(Connection connection, ChangeTable table, int pageSize, int largestValue, WindowWork work) {
        this.connection = connection;
        this.table = table;
        ChangeRows anyWidth = new JsonRows(table);
        this.heads = Reading.of(table, new HeadRows());
        this.singles = new SingleChanges(connection, table, anyWidth, largestValue);
        this.openWindow = new PageStatements(table, anyWidth).openWindow();
        this.wideRows = Reading.of(table, anyWidth);
        this.narrowRows = Reading.of(table, TextRows.of(table, largestValue).orElse(anyWidth));
        this.pageSize = pageSize;
        this.largestValue = largestValue;
        this.work = work;
        this.wideFetch = (int) Math.max(2, Math.min(pageSize, FETCH_BYTES / largestValue));
    }

    /** A row that cannot be printed makes whatever reads it fail: then those around it are read one by one. */
    Page read(Checkpoint from) throws SQLException, OutageException {
        if (!work.expectsUnprintable()) {
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
            }
        }
        return page(from, Math.min(pageSize, MOST_ONE_BY_ONE), this::readOneByOne);
    }

    private Page readTogether(Checkpoint from) throws SQLException, OutageException {
        if (from.windowSnapshot() == null && work.expectsSmall()) {
            // Whatever ends it early: the next attempt, in a session of its own, has more time.
            work.expectSmall(false);
            int most = smallWindow();
            Rows rows = readSmallWindow(from, most);
            if (!rows.cutShort() && rows.changes().size() <= most) {
                work.expectSmall(true);
                return wholeWindow(from, rows);
            }
        }
        return page(from, pageSize, this::readPage);
    }

    private static Page wholeWindow(Checkpoint from, Rows rows) {
        return new Page(rows.changes(), from.closed(rows.snapshot(), lastActionId(rows.changes())), 0);
    }

    /** How a page of an open window is read, whose first snapshot is given, behind an action_id. */
    @FunctionalInterface
    private interface PageReading {
        Rows rows(String snapshot, OpenWindow window, long after) throws SQLException, OutageException;
    }

    private Page page(Checkpoint from, int size, PageReading reading) throws SQLException, OutageException {
        OpenWindow window = windowOf(from);
        // Before the first page of a window lastActionId still speaks of the window before.
        long after = from.windowSnapshot() == null ? 0 : from.lastActionId();
        Rows rows = work.paging().run(connection, () -> reading.rows(from.snapshot(), window, after));
        List<Change> changes = rows.changes();
        long last = lastActionId(changes);
        if (!rows.cutShort() && changes.size() < size) {
            open = null;
            work.expectSmall(window.small());
            return new Page(changes, from.closed(window.snapshot(), last), 0);
        }
        OpenWindow left = window.after(rows);
        open = left;
        return new Page(changes, from.within(window.snapshot(), last), left.remaining());
    }

    /** So many changes are read without being measured first. */
    private int smallWindow() {
        return Math.min(pageSize, reading().form().mostUnmeasured());
    }

    private static long lastActionId(List<Change> changes) {
        return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).actionId();
    }

    private OpenWindow windowOf(Checkpoint from) throws SQLException, OutageException {
        OpenWindow known = open;
        return known != null && known.snapshot().equals(from.windowSnapshot()) ? known : openWindow(from);
    }

    private OpenWindow openWindow(Checkpoint from) throws SQLException, OutageException {
        return work.opening().run(connection, () -> measureWindow(from));
    }

    private OpenWindow measureWindow(Checkpoint from) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(openWindow)) {
            statement.setString(1, from.snapshot());
            statement.setString(2, from.snapshot());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                checkColumns(row.getLong(1));
                String taken = row.getString(2);
                String resumed = from.windowSnapshot();
                long size = row.getLong(3);
                OpenWindow window = new OpenWindow(
                        resumed == null ? taken : resumed, row.getLong(4) - 1, size, size <= smallWindow());
                connection.commit();
                return window;
            }
        }
    }

    /**
     * A poll that brings nothing is what the producer mostly does: without a transaction around it, it is one round trip. Then the
     * rows come all at once, which only narrow ones may. A session in which it fails is given up, whatever it is left in.
     */
    private Rows readSmallWindow(Checkpoint from, int most) throws SQLException, OutageException {
        if (work.expectsWide()) {
            Rows rows = fetchSmallWindow(from, most);
            connection.commit();
            return rows;
        }
        connection.setAutoCommit(true);
        Rows rows = fetchSmallWindow(from, most);
        connection.setAutoCommit(false);
        return rows;
    }

    private Rows fetchSmallWindow(Checkpoint from, int most) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(reading().smallWindow())) {
            statement.setString(1, from.snapshot());
            statement.setInt(2, most + 1);
            statement.setString(3, from.snapshot());
            statement.setInt(4, most + 1);
            statement.setInt(5, most + 1);
            statement.setInt(6, largestFetched());
            return rows(statement);
        }
    }

    private Rows readPage(String snapshot, OpenWindow window, long after) throws SQLException, OutageException {
        Rows rows = fetchPage(snapshot, window, after);
        boolean firstIsWide = rows.cutShort() && rows.changes().isEmpty();
        if (!firstIsWide) {
            return rows;
        }
        // The deadline ended with the transaction of the first.
        work.paging().renew(connection);
        return fetchPage(snapshot, window, after);
    }

    private Rows fetchPage(String snapshot, OpenWindow window, long after) throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(reading().pageOfWindow())) {
            bindPage(statement, snapshot, window, after, pageSize);
            Rows rows = rows(statement);
            connection.commit();
            return rows;
        }
    }

    private void bindPage(PreparedStatement statement, String snapshot, OpenWindow window, long after, int size)
            throws SQLException {
        statement.setLong(1, Math.max(after, window.laterArmAfter()));
        statement.setString(2, snapshot);
        statement.setString(3, window.snapshot());
        statement.setInt(4, size);
        statement.setString(5, snapshot);
        statement.setString(6, window.snapshot());
        statement.setLong(7, after);
        statement.setInt(8, size);
        statement.setInt(9, size);
        statement.setInt(10, largestFetched());
    }

    /** Which changes a page has. */
    private List<Change> fetchHeads(String snapshot, OpenWindow window, long after, int size)
            throws SQLException, OutageException {
        try (PreparedStatement statement = connection.prepareStatement(heads.pageOfWindow())) {
            bindPage(statement, snapshot, window, after, size);
            List<Change> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    checkColumns(row.getLong(1));
                    long actionId = row.getLong(ChangeRows.ACTION_ID);
                    if (!row.wasNull()) {
                        refuseDisorder(found, actionId);
                        heads.form().change(row, actionId).ifPresent(found::add);
                    }
                }
            }
            connection.commit();
            return found;
        }
    }

    private Rows readOneByOne(String snapshot, OpenWindow window, long after) throws SQLException, OutageException {
        List<Change> found = fetchHeads(snapshot, window, after, Math.min(pageSize, MOST_ONE_BY_ONE));
        List<Change> changes = new ArrayList<>();
        long bytes = 0;
        boolean unprintable = false;
        for (Change head : found) {
            Change change = singles.read(head);
            changes.add(change);
            unprintable = unprintable || change.unreadable() != null;
            bytes += change.value() == null ? 0 : change.valueBytes();
            if (bytes >= PAGE_BYTES) {
                break;
            }
        }
        work.expectUnprintable(unprintable);
        return new Rows("", changes, changes.size() < found.size());
    }

    private Reading reading() {
        return work.expectsWide() ? wideRows : narrowRows;
    }

    private int largestFetched() {
        return work.expectsWide() ? largestValue : Math.min(NARROW_VALUE, largestValue);
    }

    /**
     * Fetching narrow rows it ends before the first wide one, and the next fetch is one of wide rows. So is that after a
     * failure: many rows at once may have been what took too long.
     */
    private Rows rows(PreparedStatement statement) throws SQLException, OutageException {
        ChangeRows form = reading().form();
        boolean wide = work.expectsWide();
        work.expectWide(true);
        statement.setFetchSize(wide ? wideFetch : Math.min(pageSize, NARROW_FETCH));
        List<Change> changes = new ArrayList<>();
        String snapshot = "";
        long bytes = 0;
        int widest = 0;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (changes.isEmpty()) {
                    checkColumns(row.getLong(1));
                    snapshot = String.valueOf(row.getString(2));
                }
                long actionId = row.getLong(ChangeRows.ACTION_ID);
                if (row.wasNull()) {
                    break;
                }
                refuseDisorder(changes, actionId);
                Optional<Change> read = form.change(row, actionId);
                if (!wide && read.filter(change -> change.value() != null).isEmpty()) {
                    return new Rows(snapshot, changes, true);
                }
                Change change = read.orElseThrow();
                changes.add(change);
                bytes += change.value() == null ? 0 : change.valueBytes();
                widest = Math.max(widest, change.valueBytes());
                if (bytes >= PAGE_BYTES) {
                    break;
                }
            }
        }
        work.expectWide(wide && widest > NARROW_VALUE);
        return new Rows(snapshot, changes, bytes >= PAGE_BYTES);
    }

    /** The statements leave the order to how the server runs them ({@link ChangeRows#selected}). */
    private void refuseDisorder(List<Change> changes, long next) {
        long last = lastActionId(changes);
        if (!changes.isEmpty() && next <= last) {
            throw new IllegalStateException("change " + next + " of " + table.name() + " came after change " + last);
        }
    }

    private void checkColumns(long definition) throws OutageException {
        if (definition != table.definition()) {
            throw new OutageException(
                    "the columns of " + table.name() + " have changed; reading its definition again", null);
        }
    }
}
