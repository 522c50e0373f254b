package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Change;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.WindowPart;
import io.rowrelay.producer.jdbc.StreamLook.Found;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads windows over all tables of a stream. Each window begins where the last one that was published ended, and has the changes of
 * all tables up to one snapshot; the order between tables is in their action_ids. A look that finds nothing makes no window. The
 * checkpoint moves with whole windows only. Not thread-safe.
 */
final class StreamReader {
    /** How many tables are read at once; together they bring as many changes as one may. */
    private static final int TABLES_AT_ONCE = 16;
    /** A cut without changes goes when the source has moved on for so long, or has not for so long. */
    private static final Duration MOVED = Duration.ofSeconds(1);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    /** Between two looks while an earlier window is read. */
    private static final Duration LOOK_AHEAD = Duration.ofMillis(50);

    private static final int MOST_AHEAD = 1_000;

    /** A window of which not all is read. */
    private static final class Window {
        private final Found found;
        private final WindowId id;
        private final Deque<StreamTable> small = new ArrayDeque<>();
        private final Deque<StreamTable> large = new ArrayDeque<>();
        /** How far the first large table is read. */
        private @Nullable Checkpoint within;

        private boolean begun;
        private long last;

        Window(Found found, WindowId id) {
            this.found = found;
            this.id = id;
        }

        boolean isRead() {
            return small.isEmpty() && large.isEmpty();
        }
    }

    private final Connection connection;
    private final Registered registered;
    private final SourceOptions options;
    private final Map<CapturedTable, WindowWork> work;
    private final LongSupplier nanoClock;
    private final StreamLook look;
    private final SourceWal wal;
    private final Map<CapturedTable, StreamTable> tables = new HashMap<>();
    private WindowId next;
    private Snapshot published;
    private Snapshot lookedTo;
    /** Looks whose windows come after the one that is being read. */
    private final Deque<Found> ahead = new ArrayDeque<>();
    /** The snapshot of the last look. */
    private Snapshot seen;

    private long seenAt;
    private long cutAt;
    private @Nullable Window window;

    /** Begins after {@code from} with the first window of an epoch. */
    StreamReader(
            Connection connection,
            Registered registered,
            SourceOptions options,
            Map<CapturedTable, WindowWork> work,
            long epoch,
            Checkpoint from,
            LongSupplier nanoClock) {
        this.connection = connection;
        this.registered = registered;
        this.options = options;
        this.work = work;
        this.nanoClock = nanoClock;
        this.look = new StreamLook(connection, registered);
        this.wal = new SourceWal(connection);
        this.next = new WindowId(epoch, 1);
        this.published = Snapshot.parse(from.snapshot());
        this.lookedTo = published;
        this.seen = published;
        this.cutAt = nanoClock.getAsLong() - HEARTBEAT.toNanos();
    }

    Snapshot lookedTo() {
        return lookedTo;
    }

    StreamLook look() {
        return look;
    }

    /** Returns the next page; empty when there is nothing to publish. */
    Page read(Checkpoint from) throws SQLException, OutageException {
        lookAhead();
        while (true) {
            Window current = window == null ? begin() : window;
            List<Change> changes = new ArrayList<>();
            while (changes.isEmpty() && !current.isRead()) {
                changes.addAll(some(current));
            }
            if (!changes.isEmpty() || current.begun) {
                return page(from, current, changes);
            }
            lookedTo = current.found.snapshot();
            if (ahead.isEmpty()) {
                return quiet(from, current.found);
            }
        }
    }

    private Window begin() throws SQLException, OutageException {
        Found next = ahead.isEmpty() ? newLook() : ahead.remove();
        Window begun = new Window(next, this.next);
        for (int number : toRead(next)) {
            begun.small.add(table(number));
        }
        return begun;
    }

    /**
     * While there is more to read than one page, the states of the source that windows can end with pass by. They are kept, or the next
     * window would have all changes that were made meanwhile, and the one after it still more.
     */
    private void lookAhead() throws SQLException, OutageException {
        boolean behind = window != null || !ahead.isEmpty();
        boolean due = nanoClock.getAsLong() - seenAt >= LOOK_AHEAD.toNanos();
        if (behind && due && ahead.size() < MOST_AHEAD) {
            ahead.add(newLook());
        }
    }

    private Found newLook() throws SQLException, OutageException {
        Found found = look.look(seen);
        seen = found.snapshot();
        seenAt = nanoClock.getAsLong();
        return found;
    }

    /** What reading a table takes is not made for hundreds of tables of which most have no changes, as after a start. */
    private List<Integer> toRead(Found found) throws SQLException {
        List<Integer> numbers = found.tables().stream().boxed().toList();
        List<Integer> unknown = numbers.stream()
                .filter(number ->
                        !tables.containsKey(registered.stream().tables().get(number)))
                .toList();
        if (unknown.size() <= TABLES_AT_ONCE) {
            return numbers;
        }
        List<CapturedTable> asked =
                unknown.stream().map(registered.stream().tables()::get).toList();
        BitSet without = new BitSet();
        BitSet with = TablesWithChanges.among(connection, asked, lookedTo, found.snapshot());
        for (int i = 0; i < unknown.size(); i++) {
            without.set(unknown.get(i), !with.get(i));
        }
        return numbers.stream().filter(number -> !without.get(number)).toList();
    }

    private Page page(Checkpoint from, Window current, List<Change> changes) throws SQLException {
        for (Change change : changes) {
            current.last = Math.max(current.last, change.actionId());
        }
        if (current.isRead()) {
            window = null;
            return cut(from, current.found, changes, current.last);
        }
        boolean begins = !current.begun;
        current.begun = true;
        window = current;
        return new Page(changes, from, 1, new WindowPart(current.id, published, begins, null));
    }

    private Page quiet(Checkpoint from, Found found) throws SQLException {
        boolean moved = !found.snapshot().equals(published);
        Duration since = Duration.ofNanos(nanoClock.getAsLong() - cutAt);
        return since.compareTo(moved ? MOVED : HEARTBEAT) >= 0
                ? cut(from, found, List.of(), 0)
                : new Page(List.of(), from, 0);
    }

    private Page cut(Checkpoint from, Found found, List<Change> changes, long last) throws SQLException {
        wal.flush(found.wal());
        WindowPart part = new WindowPart(next, published, false, new WindowPart.End(found.snapshot(), found.takenAt()));
        next = next.next();
        published = found.snapshot();
        lookedTo = published;
        cutAt = nanoClock.getAsLong();
        return new Page(changes, from.closed(published.toString(), last), 0, part);
    }

    private List<Change> some(Window current) throws SQLException, OutageException {
        if (!current.small.isEmpty()) {
            return small(current);
        }
        StreamTable table = current.large.getFirst();
        Checkpoint within = current.within;
        Page page = table.page(
                within == null
                        ? new Checkpoint(
                                lookedTo.toString(), current.found.snapshot().toString(), 0, 0)
                        : within);
        if (page.after().windowSnapshot() == null) {
            current.large.removeFirst();
            current.within = null;
        } else {
            current.within = page.after();
        }
        return page.changes();
    }

    /** Several tables in one round trip; those that turn out not to be small are put behind them. */
    private List<Change> small(Window current) throws SQLException, OutageException {
        List<StreamTable> group = new ArrayList<>();
        while (group.size() < TABLES_AT_ONCE && !current.small.isEmpty()) {
            group.add(current.small.removeFirst());
        }
        List<Change> changes = new ArrayList<>();
        try {
            List<Optional<List<Change>>> read =
                    together(group, current.found.snapshot().toString());
            for (int i = 0; i < group.size(); i++) {
                if (read.get(i).isPresent()) {
                    changes.addAll(read.get(i).get());
                } else {
                    current.large.add(group.get(i));
                }
            }
        } catch (SQLException failure) {
            if (!SqlFailures.mayBeUnprintable(failure)) {
                throw failure;
            }
            connection.setAutoCommit(false);
            current.large.addAll(group);
        }
        return changes;
    }

    private List<Optional<List<Change>>> together(List<StreamTable> group, String s2)
            throws SQLException, OutageException {
        StringBuilder sql = new StringBuilder();
        List<Integer> limits = new ArrayList<>();
        for (StreamTable table : group) {
            int limit = Math.max(1, Math.min(table.mostUnmeasured(), options.pageSize()) / group.size());
            limits.add(limit);
            sql.append(sql.isEmpty() ? "" : "; ").append(table.execution(lookedTo.toString(), s2, limit));
        }
        connection.setAutoCommit(true);
        List<Optional<List<Change>>> read = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql.toString());
            for (int i = 0; i < group.size(); i++) {
                if (i > 0) {
                    statement.getMoreResults();
                }
                try (ResultSet row = statement.getResultSet()) {
                    read.add(group.get(i).read(row, limits.get(i)));
                }
            }
        }
        connection.setAutoCommit(false);
        return read;
    }

    private StreamTable table(int number) throws SQLException, OutageException {
        CapturedTable captured = registered.stream().tables().get(number);
        StreamTable known = tables.get(captured);
        if (known == null) {
            known = StreamTable.open(
                    connection, captured, number, options, work.computeIfAbsent(captured, added -> new WindowWork()));
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(known.preparation());
            }
            connection.commit();
            tables.put(captured, known);
        }
        return known;
    }
}
