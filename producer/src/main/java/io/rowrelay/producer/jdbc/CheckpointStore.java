package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Timeline;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.capture.RestoredSourceException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.checkpoint.SourceIdentity;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.checkpoint.jdbc.SourceIdentityReader;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.jdbc.ActionIds;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream's row in cdc_offset, over the connection that holds the stream's lock. Refuses a checkpoint that was written
 * against another database or a later state of this one.
 */
public final class CheckpointStore {
    /** As a range: unlike a look at one row address, a range removes those old versions of the page that can be removed. */
    private static final String WHERE_SEEN = "ctid >= ?::tid AND ctid <= ?::tid AND stream IS NOT DISTINCT FROM ?";

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final int MOST_WARNINGS = 5;

    private final Connection connection;
    private final String stream;
    private final PublishedTable history;
    private long highest;
    /** The session's process on the server when the checkpoint was loaded; 0 before that. */
    private int process;
    /** Where in the table the row was last seen. A hint: if it is not there any more it is looked up. */
    private @Nullable String seen;

    public CheckpointStore(Connection connection, Stream stream) {
        this.connection = connection;
        this.stream = stream.name();
        this.history = new PublishedTable(
                connection,
                stream.name(),
                stream.inCuts() ? stream.cutTopic() : stream.tables().get(0).topic());
    }

    /** Reads the checkpoint, or writes the first one. */
    public Checkpoint load(List<ChangeTable> tables) throws SQLException {
        for (ChangeTable table : tables) {
            long latest = SourceIdentityReader.latestTransaction(connection, table);
            SourceIdentity source = SourceIdentityReader.read(connection, stream, table);
            refuse(source.differences(latest).stream().findFirst());
        }
        return stored();
    }

    /** The same of a stream of several tables; the checkpoint is where its last window ended. */
    Checkpoint load(Registered registered) throws SQLException {
        long latest = 0;
        for (CapturedTable table : registered.stream().tables()) {
            latest = Math.max(latest, SourceIdentityReader.latestTransaction(connection, table.changeTable()));
        }
        SourceIdentity source = SourceIdentityReader.read(connection, stream, registered.actionIds());
        refuse(source.differences(latest).stream().findFirst());
        Checkpoint stored = stored();
        return new Checkpoint(stored.snapshot(), null, stored.highestActionId(), stored.highestActionId());
    }

    /** Begins another epoch of a stream of several tables; it is on disk before anything is numbered with it. */
    long nextEpoch() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = on");
        }
        long epoch = Query.one(
                connection,
                "UPDATE {cdc_offset} SET epoch = epoch + 1 WHERE stream = ? RETURNING epoch",
                row -> row.getLong(1),
                stream);
        connection.commit();
        return epoch;
    }

    private Checkpoint stored() throws SQLException {
        Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream);
        if (stored.isEmpty()) {
            return first();
        }
        history.load();
        process = Query.one(connection, "SELECT pg_backend_pid()", row -> row.getInt(1));
        connection.commit();
        Checkpoint checkpoint = stored.get().checkpoint();
        highest = checkpoint.highestActionId();
        return checkpoint;
    }

    /** Also while the producer runs. */
    void refuseActionIdsThatWentBackwards(ChangeTable table) throws SQLException {
        refuse(SourceIdentity.actionIdsWentBackwards(table.name(), highest, ActionIds.last(connection, table)));
    }

    /** The same of a stream of several tables. */
    void refuseActionIdsThatWentBackwards(Registered registered) throws SQLException {
        refuse(SourceIdentity.actionIdsWentBackwards(
                "stream " + stream, highest, ActionIds.last(connection, registered.actionIds())));
    }

    /** Refuses when the topic of a table holds changes that this database never made, or has lost. */
    void refuseContradictions(ChangeTable table, List<PublishedChange> published, int timeline)
            throws SQLException, OutageException {
        // Read first: what the retention has removed until then is noted when the rest is read.
        Map<Long, Long> changes = SourceIdentityReader.changedAtMicros(connection, table, published);
        SourceIdentity source = SourceIdentityReader.read(connection, stream, table);
        connection.commit();
        passedOver(source, published);
        Optional<PublishedChange> newest = source.newestTimeline(published);
        // Checked first: a former primary lacks changes as well, but needs another remedy.
        if (timeline != Timeline.UNKNOWN
                && newest.isPresent()
                && timeline < newest.get().timeline()) {
            throw Timeline.stale(
                    timeline,
                    newest.get().timeline(),
                    "record " + newest.get().address() + " of the topic was published from");
        }
        Optional<String> contradiction = source.contradiction(published, changes);
        if (contradiction.isPresent()) {
            throw RestoredSourceException.saidByTopic(stream, contradiction.get());
        }
    }

    /**
     * Refuses when the cut topic has cuts that this database never made, or has lost. Those of earlier epochs than its own are
     * history.
     */
    void refuseContradictions(List<Cut> cuts, long systemIdentifier) throws SQLException {
        long epoch =
                Query.one(connection, "SELECT epoch FROM {cdc_offset} WHERE stream = ?", row -> row.getLong(1), stream);
        long next =
                Query.one(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text", row -> row.getLong(1));
        connection.commit();
        for (Cut cut : cuts) {
            String difference = null;
            if (cut.window().epoch() < epoch) {
                continue;
            }
            if (cut.source() != systemIdentifier) {
                difference = "was made by the cluster with system identifier " + cut.source() + ", and this one's is "
                        + systemIdentifier;
            } else if (cut.window().epoch() > epoch) {
                difference = "is of a later session of a producer than " + epoch + ", the last that it knows";
            } else if (cut.s2().next() > next) {
                difference = "shows transactions up to " + cut.s2().next() + ", and it has begun those up to " + next;
            }
            if (difference != null) {
                throw RestoredSourceException.saidByTopic(
                        stream,
                        "cut " + cut.window() + " on its topic " + difference
                                + ". So that cuts go on behind it, first set the epoch of its row in cdc_offset to "
                                + (cut.window().epoch() + 1));
            }
        }
    }

    private static void passedOver(SourceIdentity source, List<PublishedChange> published) {
        published.stream()
                .filter(change -> !SourceIdentity.isPlausible(change.actionId(), source.lastActionId()))
                .map(PublishedChange::address)
                .distinct()
                .limit(MOST_WARNINGS)
                .forEach(record -> LOG.warn(
                        "record {} has an action_id that no source can have reached, so somebody else wrote it: passed over; find"
                                + " out who may write to the topic",
                        record));
    }

    private void refuse(Optional<String> difference) {
        if (difference.isPresent()) {
            throw refusal(difference.get());
        }
    }

    private RestoredSourceException refusal(String difference) {
        return new RestoredSourceException(stream, difference);
    }

    private Checkpoint first() throws SQLException {
        StreamStart.atTheBeginning(connection, stream);
        connection.commit();
        return PublishedTable.beforeEverything();
    }

    /** Who has paused the stream and since when; empty when nobody has. */
    public Optional<String> pause() throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, """
                SELECT format('by %s since %s', o.paused_by, date_trunc('second', o.paused_at))
                FROM {cdc_offset} o
                WHERE o.ctid = coalesce((SELECT s.ctid FROM {cdc_offset} s WHERE s.ctid = ?::tid AND s.stream IS NOT DISTINCT FROM ?),
                                        (SELECT k.ctid FROM {cdc_offset} k WHERE k.stream = ?))
                  AND o.paused_at IS NOT NULL""")) {
            statement.setString(1, seen);
            statement.setString(2, stream);
            statement.setString(3, stream);
            try (ResultSet row = statement.executeQuery()) {
                Optional<String> pause = row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                connection.commit();
                return pause;
            }
        }
    }

    /**
     * Updates the row where it was last seen, or else finds it by its key. While an older transaction is open, perhaps for
     * hours, none of the row's old versions can be removed, and the key leads to all of them.
     */
    public void save(Checkpoint checkpoint, PublishedOffsets published) throws SQLException {
        update(checkpoint, published);
        connection.commit();
        highest = checkpoint.highestActionId();
    }

    /** The lock belongs to the process that took it: a pooler that has handed out another one meanwhile has taken it away. */
    private void refuseAnotherSession(int now) throws SQLException {
        if (process != 0 && process != now) {
            connection.rollback();
            throw SqlFailures.sharedSession();
        }
        process = now;
    }

    private void update(Checkpoint checkpoint, PublishedOffsets published) throws SQLException {
        boolean saved = (seen != null && save(checkpoint, published, WHERE_SEEN, seen, seen, stream))
                || save(checkpoint, published, "stream = ?", stream);
        if (!saved) {
            throw refusal("its checkpoint is gone from cdc_offset");
        }
    }

    /** Stores a checkpoint to publish from, together with what is to be remembered from then on. */
    public void beginAt(Checkpoint checkpoint, PublishedOffsets published, long newestKept) throws SQLException {
        // A checkpoint that goes back must not be lost in a crash: the one before it covers records that the topic has
        // lost.
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = on");
        }
        update(checkpoint, published);
        history.forgetAfter(newestKept);
        history.add(checkpoint, published);
        connection.commit();
        highest = checkpoint.highestActionId();
    }

    PublishedTable history() {
        return history;
    }

    private boolean save(Checkpoint checkpoint, PublishedOffsets published, String condition, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, """
                UPDATE {cdc_offset} SET snapshot = ?::pg_snapshot, window_snapshot = ?::pg_snapshot,
                       last_action_id = ?, highest_action_id = ?,
                       published_topic = ?, published_offsets = ?, published_action_ids = ?, updated_at = clock_timestamp()
                WHERE %s RETURNING ctid::text, pg_backend_pid()""".formatted(condition))) {
            statement.setString(1, checkpoint.snapshot());
            statement.setString(2, checkpoint.windowSnapshot());
            statement.setLong(3, checkpoint.lastActionId());
            statement.setLong(4, checkpoint.highestActionId());
            int parameter = history.arrays().set(statement, 5, published);
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(parameter + i, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                boolean found = row.next();
                seen = found ? row.getString(1) : null;
                if (found) {
                    refuseAnotherSession(row.getInt(2));
                }
                return found;
            }
        }
    }
}
