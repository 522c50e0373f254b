package io.rowrelay.admin.catchup;

import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.kafka.TopicEnds;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** How far the daemons are, by what they have written down: the producer's checkpoint and the consumer's progress. */
final class StreamProgress {
    private final Connection source;
    private final Connection destination;
    private final String stream;
    private final String pending;

    /**
     * Whether everything has got so far, and where things stand.
     *
     * @param passed whether it has
     * @param state any text that changes whenever the daemon moves on
     */
    record Seen(boolean passed, String state) {}

    /** That of the tables' stream. */
    static StreamProgress of(StreamTables tables) throws OutageException {
        ChangeTable changes = tables.changes();
        return tables.read(
                "reading how far the daemons are",
                (source, destination) -> new StreamProgress(source, destination, tables.names().stream(), changes));
    }

    private StreamProgress(Connection source, Connection destination, String stream, ChangeTable changes) {
        this.source = source;
        this.destination = destination;
        this.stream = stream;
        this.pending = "SELECT " + WindowRule.hasChanges(changes.name(), WindowRule.PARAMETER, WindowRule.PARAMETER);
    }

    /** What is committed in the source now, as PostgreSQL prints a pg_snapshot. */
    String snapshot() throws OutageException {
        try (PreparedStatement statement = source.prepareStatement("SELECT pg_current_snapshot()::text");
                ResultSet row = statement.executeQuery()) {
            row.next();
            String snapshot = row.getString(1);
            source.commit();
            return snapshot;
        } catch (SQLException failure) {
            throw SqlFailures.outage("taking a snapshot of the source", failure);
        }
    }

    /** Whether Kafka has acknowledged every change that is visible in a snapshot of the source. */
    Seen published(String snapshot) throws OutageException {
        try {
            Optional<Checkpoint> stored = CheckpointReader.read(source, stream).map(StoredCheckpoint::checkpoint);
            String from = stored.map(Checkpoint::snapshot).orElse(StreamStart.BEFORE_EVERYTHING);
            Seen seen = new Seen(
                    !isPending(from, snapshot), stored.map(Checkpoint::toString).orElse(""));
            source.commit();
            return seen;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading how far changes are published", failure);
        }
    }

    private boolean isPending(String checkpoint, String snapshot) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(pending)) {
            int next = 1;
            for (String parameter : List.of(checkpoint, snapshot, snapshot, checkpoint, snapshot)) {
                statement.setString(next++, parameter);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Whether everything before these ends is applied in the destination, or is a dead letter. */
    Seen applied(TopicEnds ends) throws OutageException {
        List<Integer> partitions = List.copyOf(ends.next().keySet());
        try (PreparedStatement statement = destination.prepareStatement("""
                SELECT coalesce(bool_and(e.next = 0 OR coalesce(p.next_offset, 0) >= e.next), true), sum(p.next_offset)
                FROM unnest(?::int[], ?::bigint[]) e(part, next)
                LEFT JOIN cdc_progress p ON p.stream = ? AND p.topic_partition = e.part AND p.topic_id = ?""")) {
            statement.setArray(1, destination.createArrayOf("int4", partitions.toArray()));
            statement.setArray(
                    2,
                    destination.createArrayOf(
                            "int8", partitions.stream().map(ends.next()::get).toArray()));
            statement.setString(3, stream);
            statement.setString(4, ends.topicId());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Seen seen = new Seen(row.getBoolean(1), String.valueOf(row.getString(2)));
                destination.commit();
                return seen;
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading how far changes are applied", failure);
        }
    }
}
