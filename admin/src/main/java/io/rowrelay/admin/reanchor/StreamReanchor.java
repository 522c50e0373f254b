package io.rowrelay.admin.reanchor;

import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Console;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.admin.tables.BusyException;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.admin.tables.ShortTransaction;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.kafka.CutTail;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Begins a stream of many tables again on a source that was restored or replaced: the next window begins at the source's state of now,
 * in a later epoch than any before, and the destination counts as in that state. What the change tables held, and what is on the topics
 * already, is superseded by the resync that has to follow. Can be ended at any moment and run again. Not thread-safe.
 */
final class StreamReanchor {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final StreamTables tables;
    private final List<RegisteredTable> registered;
    private final TableSession session;
    private final String stream;
    private final ChangeTable changes;
    private final PatientTopics topics;
    private final CommandClock clock;
    private final Console console;

    /** The session in the source holds the producer's lock until it is closed, that of the tables in the destination the consumer's. */
    StreamReanchor(
            StreamTables tables,
            List<RegisteredTable> registered,
            TableSession session,
            CommandClock clock,
            Console console)
            throws OutageException {
        this.tables = tables;
        this.registered = registered;
        this.session = session;
        this.stream = tables.stream();
        this.changes = tables.of(registered.get(0)).changes();
        this.topics = new PatientTopics(tables.settings(), clock);
        this.clock = clock;
        this.console = console;
    }

    /** Where the stream goes on: after an action_id, in windows of epochs behind one. */
    private record Base(ReanchorBase actionIds, long epoch) {}

    /** Checks, and does it unless this is a dry run. */
    void run(boolean dryRun) throws OutageException, InterruptedException {
        requireCuts();
        lock("producer", session, StreamLock.ofProducer(stream));
        lock("consumer", tables.destination(), StreamLock.ofConsumer(stream));
        Base base = base();
        if (dryRun) {
            console.say("would be done: empty " + registered.size() + " change tables, let action_ids go on after "
                    + base.actionIds().actionId() + " and windows after epoch " + base.epoch());
            return;
        }
        for (RegisteredTable table : registered) {
            empty(table.changeTable());
        }
        long anchor = set(base);
        console.say("anchored: action_ids go on after " + anchor + ", windows after epoch " + base.epoch()
                + ". Start the producer and the consumer, then run " + Programs.command("resync")
                + ": until it has ended, the destination is no state of the source");
    }

    /** Before anything is emptied: what is not set in the end would be lost. */
    private void requireCuts() throws OutageException {
        if (tables.mode() == ApplyMode.ROWS) {
            throw new CommandFailedException("the destination applies stream " + stream
                    + " row by row, for which reanchor can only do --trust-source: nothing was done");
        }
        if (tables.applied().isEmpty()) {
            throw unknown();
        }
    }

    private CommandFailedException unknown() {
        return new CommandFailedException(
                "the destination does not know stream " + stream + ": run " + Programs.command("init"));
    }

    /** The source is what it was, and only records of somebody else say otherwise: they become history. */
    void trustSource(boolean dryRun) throws OutageException, InterruptedException {
        lock("producer", session, StreamLock.ofProducer(stream));
        Base base = base();
        if (dryRun) {
            console.say("would be done: let action_ids go on after "
                    + base.actionIds().actionId() + " and windows after epoch " + base.epoch() + ", and nothing else");
            return;
        }
        long anchor = session.run("setting the epoch of the stream", connection -> {
            long after = base.actionIds().notBefore(ActionIds.last(connection, changes));
            ActionIds.set(connection, changes, after);
            int stored = Query.update(
                    connection,
                    "UPDATE {cdc_offset} SET epoch = ?, anchor_action_id = ? WHERE stream = ?",
                    base.epoch(),
                    after,
                    stream);
            if (stored == 0) {
                throw new CommandFailedException("cdc_offset has no row of stream " + stream + ": nothing was done");
            }
            return after;
        });
        console.say("anchored: action_ids go on after " + anchor + ", windows after epoch " + base.epoch()
                + "; start the producer, then run " + Programs.command("verify --repair"));
    }

    /** A daemon that refuses to run, and is started again and again, holds the lock for a moment each time. */
    private void lock(String daemon, TableSession in, StreamLock lock) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        while (!in.run("taking the lock of the " + daemon, lock::tryTake)) {
            if (clock.since(begun).compareTo(LOCK_PATIENCE) >= 0) {
                Optional<StreamLock.Holder> holder = in.run("looking who is active", lock::holder);
                throw new CommandFailedException("a " + daemon + " of the stream is active"
                        + holder.map(found -> " (" + found + ")").orElse("") + ": stop it, and any standby, first");
            }
            clock.sleep(FIRST_PAUSE);
        }
    }

    private Base base() throws OutageException, InterruptedException {
        long source = session.run(
                "reading the action_ids of the stream",
                connection -> Math.max(
                        ActionIds.last(connection, changes),
                        Query.first(
                                        connection,
                                        "SELECT highest_action_id FROM {cdc_offset} WHERE stream = ?",
                                        row -> row.getLong(1),
                                        stream)
                                .orElse(0L)));
        long published = published(source);
        long epoch = Math.max(
                newestOnTopic(), Math.max(epoch(session, "cdc_offset"), epoch(tables.destination(), "cdc_applied")));
        if (epoch > Long.MAX_VALUE / 2) {
            throw new CommandFailedException("a window of epoch " + epoch
                    + " is known, which no producer can have reached: somebody else wrote it. Remove it from the cut topic,"
                    + " or correct cdc_applied in the destination");
        }
        console.say("largest action_id: source=" + source + " topics=" + published + "; newest epoch: " + epoch);
        return new Base(ReanchorBase.above(source, 0, published), epoch + 1);
    }

    /** The largest action_id at the ends of the tables' topics. */
    private long published(long source) throws OutageException, InterruptedException {
        long published = 0;
        for (RegisteredTable table : registered) {
            List<PublishedChange> recent = new PatientTopics(table.settings(tables.settings()), clock).recentChanges();
            for (PublishedChange change : ReanchorBase.plausible(recent, source)) {
                published = Math.max(published, change.actionId());
            }
        }
        return published;
    }

    private long epoch(TableSession in, String table) throws OutageException {
        return in.run(
                "reading the epoch of the stream",
                connection -> Query.first(
                                connection,
                                "SELECT epoch FROM {" + table + "} WHERE stream = ?",
                                row -> row.getLong(1),
                                stream)
                        .orElse(0L));
    }

    private String cutTopic() {
        return stream + CutRecord.TOPIC_SUFFIX;
    }

    private long newestOnTopic() throws OutageException, InterruptedException {
        if (topics.ends(cutTopic()).topicId().isEmpty()) {
            return 0;
        }
        List<Cut> cuts = topics.ask(() -> CutTail.read(tables.settings().kafka().consumer(), cutTopic()));
        return cuts.stream().mapToLong(cut -> cut.window().epoch()).max().orElse(0);
    }

    private void empty(String changeTable) throws OutageException, InterruptedException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new Random());
        boolean said = false;
        while (true) {
            try {
                ShortTransaction.run(
                        session.connection(),
                        changeTable + " is in use by open transactions",
                        "emptying " + changeTable,
                        () -> Query.update(session.connection(), "TRUNCATE " + changeTable));
                return;
            } catch (BusyException busy) {
                if (!said) {
                    console.say("waiting: " + busy.getMessage());
                    said = true;
                }
                clock.sleep(backoff.next());
            }
        }
    }

    /**
     * The destination first, with the very snapshot that the producer will begin at: if this fails between the two commits, the producer
     * still refuses to run.
     */
    private long set(Base base) throws OutageException, InterruptedException {
        long cuts = topics.ends(cutTopic()).next().getOrDefault(0, 0L);
        return session.run("setting the checkpoint of the stream", connection -> {
            long anchor = base.actionIds().notBefore(ActionIds.last(connection, changes));
            ActionIds.set(connection, changes, anchor);
            StreamStart.now(connection, stream, anchor);
            State state = Query.one(
                    connection,
                    """
                    UPDATE {cdc_offset} SET epoch = ? WHERE stream = ?
                    RETURNING snapshot::text, system_identifier, clock_timestamp()::text""",
                    row -> new State(row.getString(1), row.getLong(2), row.getString(3)),
                    base.epoch(),
                    stream);
            begin(state, base.epoch(), cuts);
            return anchor;
        });
    }

    private record State(String snapshot, long systemIdentifier, String takenAt) {}

    /** Old records of the tables' topics are of earlier epochs, which the consumer passes over; old cuts it must not read. */
    private void begin(State state, long epoch, long cuts) throws OutageException {
        int set = tables.destination()
                .run(
                        "setting which state is applied",
                        connection -> Query.update(
                                connection,
                                """
                                UPDATE {cdc_applied} SET snapshot = ?::pg_snapshot, source_identifier = ?, taken_at = ?::timestamptz,
                                    epoch = ?, number = 1, next_offsets = next_offsets || jsonb_build_object(?::text, jsonb_build_object('0', ?::bigint)),
                                    broken_since = coalesce(broken_since, clock_timestamp())
                                WHERE stream = ?""",
                                state.snapshot(),
                                state.systemIdentifier(),
                                state.takenAt(),
                                epoch,
                                cutTopic(),
                                cuts,
                                stream));
        if (set == 0) {
            throw unknown();
        }
    }
}
