package io.rowrelay.admin.catchup;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.jdbc.StreamStart;
import io.rowrelay.stream.kafka.TopicEnds;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import io.rowrelay.stream.window.Snapshot;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How far the daemons are, by what they have stored: the producer's checkpoint and the consumer's progress. */
final class StreamProgress {
    private final TableSession source;
    private final TableSession destination;
    private final String stream;
    private final String pending;

    /**
     * Whether everything has come that far, and the present state.
     *
     * @param passed whether it has
     * @param state any text that changes whenever the daemon moves on
     */
    record Seen(boolean passed, String state) {}

    StreamProgress(StreamTables tables) throws OutageException {
        this.source = tables.source();
        this.destination = tables.destination();
        this.stream = tables.stream();
        this.pending =
                "SELECT " + WindowRule.hasChanges(tables.changes().name(), WindowRule.PARAMETER, WindowRule.PARAMETER);
    }

    /** The source's present snapshot, as PostgreSQL prints a pg_snapshot. */
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

    /** Whether the state that a stream of many tables shows in the destination is one from after the snapshot. */
    Seen cut(String snapshot) throws OutageException {
        String applied = destination
                .run(
                        "reading which state is applied",
                        connection -> Query.first(
                                connection,
                                "SELECT snapshot::text FROM {cdc_applied} WHERE stream = ?",
                                row -> row.getString(1),
                                stream))
                .orElseThrow(() -> new CommandFailedException(
                        "the destination does not know stream " + stream + ": run " + Programs.command("init")));
        return new Seen(Snapshot.parse(applied).covers(Snapshot.parse(snapshot)), applied);
    }

    /** Whether a cut has all that the snapshot shows. */
    static Seen cut(Optional<Cut> newest, String snapshot) {
        return new Seen(
                newest.filter(cut -> cut.s2().covers(Snapshot.parse(snapshot))).isPresent(),
                newest.map(cut -> cut.window().toString()).orElse(""));
    }

    /** The same of the topics of tables that are applied row by row. */
    Seen applied(Map<String, TopicEnds> ends) throws OutageException {
        boolean passed = true;
        StringBuilder state = new StringBuilder();
        for (Map.Entry<String, TopicEnds> topic : ends.entrySet()) {
            Seen one = applied(TableStream.of(stream, topic.getKey()), topic.getValue());
            passed &= one.passed();
            state.append(one.state());
        }
        return new Seen(passed, state.toString());
    }

    /** Whether everything before these ends is applied in the destination, or is a dead letter. */
    Seen applied(TopicEnds ends) throws OutageException {
        return applied(stream, ends);
    }

    private Seen applied(String name, TopicEnds ends) throws OutageException {
        Map<Integer, PartitionProgress> applied = new HashMap<>();
        destination
                .run("reading how far changes are applied", connection -> StoredProgress.read(connection, name))
                .forEach((partition, stored) -> applied.put(partition, stored.progress()));
        Map<Integer, PartitionProgress> wanted = new HashMap<>();
        ends.next().forEach((partition, next) -> {
            if (next > 0) {
                wanted.put(partition, new PartitionProgress(ends.topicId(), next));
            }
        });
        return new Seen(PartitionProgress.cover(applied, wanted), applied.toString());
    }
}
