package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.NewestPerKey;
import io.rowrelay.stream.apply.jdbc.RejectedChange;
import io.rowrelay.stream.apply.jdbc.RejectionSearch;
import io.rowrelay.stream.apply.jdbc.Savepoints;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the changes of windows inside the transaction that is open, so that at its end the destination is in the state of the source
 * that the last window ends with. Used once for each {@linkplain Way way}.
 *
 * <p>Foreign keys hold at the end: they are checked there. Their actions are not put off, so nothing they act on is deleted before every
 * row that could hang on it has its new image: deletions in such tables come last, children first. What a cascade changes on the way is
 * put right by the image that follows, because the same cascade has changed the same row in the source.
 */
final class WindowWriter {
    private static final Logger LOG = LoggerFactory.getLogger(WindowWriter.class);

    /** How it is written; each is tried where the destination rejects the one before. */
    enum Way {
        /** The newest change of each key, set by set. */
        NEWEST,
        /**
         * Before that, where nothing hangs on the rows of a table, all rows with a new image are deleted, and elsewhere their unique
         * columns become NULL if they can: then no unique value is in the way.
         */
        CLEARED,
        /** First in the order of the source, row by row; then the newest ones as before, which by now are in nobody's way. */
        REPLAYED,
        /** The same, but for those changes that the destination rejects. */
        SEARCHED
    }

    private final Connection connection;
    private final CutTables tables;
    private final WindowChanges changes;
    private final LongWork applying;
    private final List<CutTable> parentsFirst;
    private final Set<String> circular;

    WindowWriter(Connection connection, CutTables tables, WindowChanges changes, LongWork applying) {
        this.connection = connection;
        this.tables = tables;
        this.changes = changes;
        this.applying = applying;
        this.parentsFirst = tables.parentsFirst(changes.tables());
        this.circular = tables.circular(changes.tables());
    }

    /** Whether trying it can lead further than the way before. */
    boolean makesSense(Way way) {
        return switch (way) {
            case NEWEST, SEARCHED -> true;
            case CLEARED -> parentsFirst.stream().anyMatch(WindowWriter::canBeCleared);
            case REPLAYED ->
                parentsFirst.stream().anyMatch(table -> table.rules().acting());
        };
    }

    private static boolean canBeCleared(CutTable table) {
        return table.rules().unique()
                && (table.clearable()
                        || table.keyless()
                        || !table.rules().parkable().isEmpty());
    }

    /** Adds the statements of a way to the trip, or runs them; returns what the destination rejects. */
    List<RejectedChange> write(Way way, RoundTrips trips) throws SQLException, OutageException {
        deferConstraints(trips);
        switch (way) {
            case NEWEST -> phases(trips, false);
            case CLEARED -> phases(trips, true);
            case REPLAYED -> {
                trips.send();
                new OrderedReplay(connection, tables).run(changes);
                phases(trips, true);
            }
            case SEARCHED -> {
                trips.send();
                return search();
            }
        }
        return List.of();
    }

    /** A session that is a replica has no foreign keys. Without a transaction the server would only warn. */
    private static void deferConstraints(RoundTrips trips) throws SQLException, OutageException {
        set(trips, "SET CONSTRAINTS ALL DEFERRED");
    }

    private static void set(RoundTrips trips, String sql) throws SQLException, OutageException {
        trips.add(sql, 0, (statement, first) -> first, done -> {});
    }

    private List<CutTable> childrenFirst() {
        List<CutTable> reversed = new ArrayList<>(parentsFirst);
        Collections.reverse(reversed);
        return reversed;
    }

    private void phases(RoundTrips trips, boolean clear) throws SQLException, OutageException {
        for (CutTable table : childrenFirst()) {
            if (table.clearable() || (table.keyless() && clear)) {
                delete(trips, table);
            }
        }
        for (CutTable table : parentsFirst) {
            if (clear && canBeCleared(table) && !table.keyless()) {
                changes.images(table.name(), part -> clear(trips, table, part));
            }
        }
        for (CutTable table : parentsFirst) {
            changes.images(table.name(), part -> table.writer().write(trips, part, written -> {}));
        }
        for (CutTable table : parentsFirst) {
            // A cascade comes at the end of the statement, behind the images of its own table.
            if (table.rules().acting() && circular.contains(table.name())) {
                changes.images(table.name(), part -> table.writer().write(trips, part, written -> {}));
            }
        }
        for (CutTable table : childrenFirst()) {
            if ((table.rules().acting() && !table.keyless()) || (table.keyless() && !clear)) {
                delete(trips, table);
            }
        }
    }

    private static void clear(RoundTrips trips, CutTable table, List<ValidChange> images)
            throws SQLException, OutageException {
        if (table.clearable()) {
            table.writer().clear(trips, images);
        } else {
            table.writer().park(trips, images, table.rules().parkable());
        }
    }

    private void delete(RoundTrips trips, CutTable table) throws SQLException, OutageException {
        if (table.keyless()) {
            deleteEqualRows(trips, table);
            return;
        }
        boolean custom = !table.definition().deletesByLookup();
        changes.deletions(table.name(), part -> {
            if (custom) {
                set(trips, "SET LOCAL plan_cache_mode = force_custom_plan");
            }
            table.writer().write(trips, part, written -> {});
        });
    }

    /** The whole table is compared with them at once: row by row it would be read as often as there are rows. */
    private void deleteEqualRows(RoundTrips trips, CutTable table) throws SQLException, OutageException {
        AtomicLong found = new AtomicLong();
        AtomicLong wanted = new AtomicLong();
        changes.deletions(table.name(), part -> {
            wanted.addAndGet(part.size());
            set(trips, "SET LOCAL enable_hashjoin = on");
            set(trips, "SET LOCAL enable_seqscan = on");
            table.writer().write(trips, part, found::addAndGet);
            set(trips, "SET LOCAL enable_hashjoin = off");
            set(trips, "SET LOCAL enable_seqscan = off");
            trips.send();
        });
        if (found.get() < wanted.get()) {
            LOG.warn(
                    "rows to be deleted were not there: table={} rows={}; the destination was changed by others, run"
                            + " rowrelay verify",
                    table.name(),
                    wanted.get() - found.get());
        }
    }

    /**
     * What the source's order allows is written; then the newest change of each key, without those that the destination rejects by
     * themselves.
     */
    private List<RejectedChange> search() throws SQLException, OutageException {
        Savepoints savepoints = new Savepoints(connection);
        immediately();
        new OrderedReplay(connection, tables).run(changes);
        if (savepoints.attempt(this::allPhases).isEmpty()) {
            return List.of();
        }
        List<RejectedChange> rejected = new ArrayList<>();
        for (CutTable table : parentsFirst) {
            changes.images(table.name(), part -> rejected.addAll(rejectedOf(table, part)));
        }
        for (CutTable table : childrenFirst()) {
            changes.deletions(table.name(), part -> rejected.addAll(rejectedOf(table, part)));
        }
        return rejected;
    }

    private void immediately() throws SQLException, OutageException {
        RoundTrips trips = RoundTrips.oneByOne(connection);
        set(trips, "SET CONSTRAINTS ALL IMMEDIATE");
        trips.send();
    }

    /** An outage in here is told as what it is by the statement that meets it. */
    private void allPhases() throws SQLException {
        try {
            RoundTrips trips = RoundTrips.oneByOne(connection);
            deferConstraints(trips);
            phases(trips, true);
            trips.send();
            immediately();
        } catch (OutageException outage) {
            throw new SQLException(outage);
        }
    }

    private List<RejectedChange> rejectedOf(CutTable table, List<ValidChange> part) throws SQLException {
        applying.renew(connection);
        RejectionSearch search = new RejectionSearch(connection, table.writer());
        search.run(new NewestPerKey(part));
        return search.rejected();
    }
}
