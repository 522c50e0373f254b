package io.rowrelay.admin.catchup;

import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.kafka.TopicEnds;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.util.Arrays;
import java.util.Optional;

/** How far the daemons are, by what they have written down: the producer's checkpoint and the consumer's progress. */
final class StreamProgress {
    private final TableSession source;
    private final TableSession destination;
    private final String stream;
    private final String pending;

    /**
     * Whether everything has got so far, and where things stand.
     *
     * @param passed whether it has
     * @param state any text that changes whenever the daemon moves on
     */
    record Seen(boolean passed, String state) {}

    StreamProgress(StreamTables tables) throws OutageException {
        this.source = tables.source();
        this.destination = tables.destination();
        this.stream = tables.names().stream();
        this.pending =
                "SELECT " + WindowRule.hasChanges(tables.changes().name(), WindowRule.PARAMETER, WindowRule.PARAMETER);
    }

    /** What is committed in the source now, as PostgreSQL prints a pg_snapshot. */
    String snapshot() throws OutageException {
        return source.one(
                "taking a snapshot of the source", "SELECT " + WindowRule.NOW + "::text", row -> row.getString(1));
    }

    /** Whether Kafka has acknowledged every change that is visible in a snapshot of the source. */
    Seen published(String snapshot) throws OutageException {
        return source.run("reading how far changes are published", connection -> {
            Optional<Checkpoint> stored =
                    CheckpointReader.read(connection, stream).map(StoredCheckpoint::checkpoint);
            String from = stored.map(Checkpoint::snapshot).orElse(StreamStart.BEFORE_EVERYTHING);
            boolean passed =
                    !Query.one(connection, pending, row -> row.getBoolean(1), from, snapshot, snapshot, from, snapshot);
            return new Seen(passed, stored.map(Checkpoint::toString).orElse(""));
        });
    }

    /** Whether everything before these ends is applied in the destination, or is a dead letter. */
    Seen applied(TopicEnds ends) throws OutageException {
        Integer[] partitions = ends.next().keySet().toArray(Integer[]::new);
        return destination.one(
                "reading how far changes are applied",
                """
                SELECT coalesce(bool_and(e.next = 0 OR coalesce(p.next_offset, 0) >= e.next), true), sum(p.next_offset)
                FROM unnest(?::int[], ?::bigint[]) e(part, next)
                LEFT JOIN cdc_progress p ON p.stream = ? AND p.topic_partition = e.part AND p.topic_id = ?""",
                row -> new Seen(row.getBoolean(1), String.valueOf(row.getString(2))),
                partitions,
                Arrays.stream(partitions).map(ends.next()::get).toArray(Long[]::new),
                stream,
                ends.topicId());
    }
}
