package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.consumer.cut.CutChange;
import io.rowrelay.consumer.cut.CutOutcome;
import io.rowrelay.consumer.cut.CutProgress;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.cut.CutWindow;
import io.rowrelay.consumer.cut.jdbc.StagedChanges.Staged;
import io.rowrelay.consumer.cut.jdbc.WindowChanges.TableChange;
import io.rowrelay.consumer.cut.jdbc.WindowWriter.Way;
import io.rowrelay.stream.apply.jdbc.DefinitionChangedException;
import io.rowrelay.stream.apply.jdbc.RejectedChange;
import io.rowrelay.stream.apply.jdbc.ServerLimits;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session on a destination PostgreSQL that holds the lock of a stream. Not thread-safe. */
final class JdbcCutSession implements CutSession {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcCutSession.class);

    /** A table that is altered during each of this many attempts is waited for as in an outage. */
    private static final int ATTEMPTS = 3;

    /** A statement over a whole window that was staged. */
    private static final List<Duration> STAGED_DEADLINES = List.of(Duration.ofMinutes(2), Duration.ofMinutes(20));

    private final Subject subject;
    private final Connection connection;
    private final AppliedState state;
    private final RecordReader reader;
    private final DeadLetters deadLetters;
    private final CutTables tables;
    private final LongWork applying;
    private final LongWork applyingStaged;
    private final ServerLimits limits = new ServerLimits();
    private @Nullable StagedChanges staged;
    private @Nullable WindowId stagedWindow;
    /** Whether changes of what is staged are not there, since their table is paused. */
    private boolean leftOutOfStaged;
    /** Whether changes of what is being applied are not here: the broker has refused them, or their table is paused. */
    private boolean lacking;

    /**
     * What a session is on.
     *
     * @param connection does not commit by itself
     * @param stream the name of the stream
     * @param end gives the connection back for good
     */
    record Subject(Connection connection, String stream, Runnable end) {}

    JdbcCutSession(
            Subject subject, AppliedState state, RecordReader reader, DeadLetters deadLetters, LongSupplier nanoClock) {
        this.subject = subject;
        this.connection = subject.connection();
        this.state = state;
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.tables = new CutTables(subject.stream());
        this.applying = new LongWork(nanoClock);
        if (!state.paused().isEmpty()) {
            LOG.warn("changes of paused tables are left out: stream={} tables={}", subject.stream(), state.paused());
        }
        this.applyingStaged = new LongWork(STAGED_DEADLINES, STAGED_DEADLINES.get(0), nanoClock);
    }

    @Override
    public CutProgress progress() {
        return state.progress();
    }

    @Override
    public Optional<Instant> brokenSince() {
        return Optional.ofNullable(state.brokenSince());
    }

    @Override
    public Set<String> paused() {
        return state.paused();
    }

    /** The work of one transaction. */
    @FunctionalInterface
    private interface Work {
        CutOutcome run() throws SQLException, OutageException, InterruptedException;
    }

    @Override
    public CutOutcome apply(List<CutWindow> windows, CutProgress after) throws OutageException, InterruptedException {
        lacking = windows.stream()
                .anyMatch(window -> counted(window.cut()) > window.changes().size());
        return guarded(applying, () -> {
            Fenced fenced = fence(windows);
            lacking |= fenced.fresh().removeIf(change -> isPaused(change.table()));
            requireTables(fenced.fresh().stream().map(CutChange::table).collect(Collectors.toSet()));
            return transaction(fenced.fresh(), fenced.superseded(), after);
        });
    }

    private boolean isPaused(String table) {
        return state.paused().contains(table);
    }

    private static long counted(Cut cut) {
        return cut.counts().values().stream().mapToLong(Long::longValue).sum();
    }

    private CutOutcome guarded(LongWork work, Work run) throws OutageException, InterruptedException {
        InterruptedException[] interrupted = new InterruptedException[1];
        try {
            CutOutcome outcome = work.run(connection, () -> {
                try {
                    return run.run();
                } catch (InterruptedException stop) {
                    interrupted[0] = stop;
                    return CutOutcome.NOTHING;
                }
            });
            if (interrupted[0] != null) {
                connection.rollback();
                throw interrupted[0];
            }
            return outcome;
        } catch (SQLException failure) {
            throw SqlFailures.outage("applying a cut to the destination", failure);
        }
    }

    /**
     * The changes that the destination does not show yet.
     *
     * @param fresh in the order of their windows
     * @param superseded how many it shows
     */
    private record Fenced(List<CutChange> fresh, long superseded) {}

    private Fenced fence(List<CutWindow> windows) {
        List<CutChange> fresh = new ArrayList<>();
        long superseded = 0;
        Snapshot applied = state.progress().applied();
        for (CutWindow window : windows) {
            if (!applied.covers(window.cut().s1())) {
                throw new IllegalStateException("window " + window.cut().window() + " begins at "
                        + window.cut().s1() + ", which the applied state " + applied + " does not cover");
            }
            for (CutChange change : window.changes()) {
                if (applied.isVisible(change.xid())) {
                    superseded++;
                } else {
                    fresh.add(change);
                }
            }
            if (!applied.covers(window.cut().s2())) {
                applied = window.cut().s2();
            }
        }
        return new Fenced(fresh, superseded);
    }

    private void requireTables(Set<String> names) throws SQLException, OutageException {
        tables.require(connection, names);
        connection.commit();
    }

    private CutOutcome transaction(List<CutChange> changes, long superseded, CutProgress after)
            throws SQLException, OutageException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                Read read = read(changes);
                return write(
                        new HeldChanges(read.valid(), name -> tables.get(name).keyless()),
                        read.rejected(),
                        new CutOutcome(
                                read.valid().size(), superseded, read.rejected().size()),
                        after);
            } catch (DefinitionChangedException altered) {
                readAgain(changes.stream().map(CutChange::table).collect(Collectors.toSet()));
                if (attempt == ATTEMPTS) {
                    throw altered;
                }
            }
        }
    }

    private void readAgain(Set<String> names) throws SQLException, OutageException {
        connection.rollback();
        tables.forget();
        requireTables(names);
    }

    /**
     * What validation has made of changes.
     *
     * @param valid those that can be applied
     * @param rejected those that cannot
     */
    private record Read(List<TableChange> valid, List<Rejected> rejected) {}

    private Read read(List<CutChange> changes) throws SQLException, OutageException {
        Read read = validate(changes);
        Optional<String> problem = unfit(read.valid());
        if (problem.isPresent() || !read.rejected().isEmpty()) {
            // A column may have been added since, or the key be another.
            readAgain(changes.stream().map(CutChange::table).collect(Collectors.toSet()));
            read = validate(changes);
            problem = unfit(read.valid());
        }
        if (problem.isPresent()) {
            throw OutageException.waitingForAHuman(problem.get());
        }
        return read;
    }

    private Read validate(List<CutChange> changes) throws OutageException {
        List<TableChange> valid = new ArrayList<>(changes.size());
        List<Rejected> rejected = new ArrayList<>();
        for (CutChange each : changes) {
            ValidatedRecord read = validate(each);
            if (read instanceof ValidChange change) {
                valid.add(new TableChange(each.table(), each.xid(), change));
            } else {
                rejected.add((Rejected) read);
            }
        }
        return new Read(valid, rejected);
    }

    private ValidatedRecord validate(CutChange change) throws OutageException {
        CutTable table = tables.get(change.table());
        if (table.keyless() && change.record().key() != null) {
            throw OutageException.waitingForAHuman("the destination table " + table.name()
                    + " has no key, and the records have one: give it the primary key of the source; the consumer goes on by"
                    + " itself");
        }
        return reader.read(change.record(), table.definition().key());
    }

    private Optional<String> unfit(List<TableChange> changes) {
        return changes.stream().collect(Collectors.groupingBy(TableChange::table)).entrySet().stream()
                .flatMap(entry ->
                        tables
                                .unfit(
                                        entry.getKey(),
                                        entry.getValue().stream()
                                                .map(TableChange::change)
                                                .toList())
                                .stream())
                .findFirst();
    }

    /** Tries one way after the other, each in a transaction of its own, until one succeeds. */
    private CutOutcome write(WindowChanges changes, List<Rejected> invalid, CutOutcome planned, CutProgress after)
            throws SQLException, OutageException, InterruptedException {
        SQLException last = new SQLException("no way to write a window");
        for (Way way : Way.values()) {
            WindowWriter writer = new WindowWriter(connection, tables, changes, applying);
            if (!writer.makesSense(way)) {
                continue;
            }
            try {
                return commit(writer, way, changes, invalid, planned, after);
            } catch (SQLException failure) {
                if (!SqlFailures.mayBeRejection(failure)) {
                    throw failure;
                }
                LOG.debug("a window was rejected way={}", way, failure);
                last = failure;
                connection.rollback();
                applying.renew(connection);
            }
        }
        throw last;
    }

    private CutOutcome commit(
            WindowWriter writer,
            Way way,
            WindowChanges changes,
            List<Rejected> invalid,
            CutOutcome planned,
            CutProgress after)
            throws SQLException, OutageException, InterruptedException {
        RoundTrips trips = applying.isLonger() ? RoundTrips.oneByOne(connection) : new RoundTrips(connection);
        List<RejectedChange> found = writer.write(way, trips);
        limits.confirm(connection, subject.stream(), found);
        List<Rejected> rejected = new ArrayList<>(invalid);
        found.forEach(each -> rejected.add(each.rejected()));
        Set<String> altered = new HashSet<>();
        @Nullable AppliedState.Place[] moved = new AppliedState.Place[1];
        tables.confirm(trips, changes.tables(), altered);
        state.advance(trips, after, lacking || !rejected.isEmpty(), moved);
        trips.add("SET CONSTRAINTS ALL IMMEDIATE", 0, (statement, first) -> first, done -> {});
        trips.send();
        if (!altered.isEmpty()) {
            throw CutTables.changed(altered);
        }
        AppliedState.Place place = moved[0];
        if (place == null) {
            throw new OutageException(
                    "somebody else has changed what cdc_applied says of stream " + subject.stream()
                            + ": reading it again",
                    null);
        }
        if (!rejected.isEmpty()) {
            deadLetters.send(rejected);
        }
        connection.commit();
        state.moved(after, place);
        return new CutOutcome(planned.applied() - found.size(), planned.superseded(), rejected.size());
    }

    @Override
    public void stage(WindowId window, List<CutChange> changes) throws OutageException {
        try {
            StagedChanges current = staged;
            if (current == null) {
                current = new StagedChanges(
                        connection,
                        reader,
                        name -> tables.get(name).definition().key());
                current.create();
                staged = current;
                stagedWindow = window;
            }
            if (!window.equals(stagedWindow)) {
                throw new IllegalStateException("window " + stagedWindow + " is staged, not " + window);
            }
            List<CutChange> wanted =
                    changes.stream().filter(change -> !isPaused(change.table())).toList();
            leftOutOfStaged |= wanted.size() < changes.size();
            tables.require(connection, wanted.stream().map(CutChange::table).collect(Collectors.toSet()));
            List<Staged> records = new ArrayList<>(wanted.size());
            for (CutChange change : wanted) {
                records.add(new Staged(change.table(), change.xid(), change.record(), validate(change)));
            }
            current.add(records);
            connection.commit();
        } catch (SQLException failure) {
            throw SqlFailures.outage("staging changes in the destination", failure);
        }
    }

    @Override
    public CutOutcome applyStaged(Cut cut, CutProgress after) throws OutageException, InterruptedException {
        StagedChanges current = staged;
        if (current == null || !cut.window().equals(stagedWindow)) {
            throw new IllegalStateException("window " + cut.window() + " is not staged");
        }
        lacking = leftOutOfStaged || counted(cut) > current.size();
        CutOutcome outcome = guarded(applyingStaged, () -> writeStaged(current, after));
        discardStaged();
        return outcome;
    }

    private CutOutcome writeStaged(StagedChanges changes, CutProgress after)
            throws SQLException, OutageException, InterruptedException {
        Set<String> keyless = changes.tables().stream()
                .filter(name -> tables.get(name).keyless())
                .collect(Collectors.toSet());
        changes.find(state.progress().applied().toString(), keyless);
        List<Rejected> invalid = changes.rejected();
        long fresh = changes.found();
        connection.commit();
        applyingStaged.renew(connection);
        LOG.info("applying a large window: changes={}", fresh);
        return write(
                changes,
                invalid,
                new CutOutcome(fresh - invalid.size(), changes.size() - fresh, invalid.size()),
                after);
    }

    @Override
    public void discardStaged() throws OutageException {
        StagedChanges current = staged;
        if (current != null) {
            try {
                current.drop();
                connection.commit();
            } catch (SQLException failure) {
                throw SqlFailures.outage("dropping what was staged in the destination", failure);
            }
        }
        staged = null;
        stagedWindow = null;
        leftOutOfStaged = false;
    }

    /** The lock ends with the connection. */
    @Override
    public void close() {
        subject.end().run();
    }
}
