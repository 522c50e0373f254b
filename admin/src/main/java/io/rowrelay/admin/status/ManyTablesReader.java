package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.Part;
import io.rowrelay.admin.dlq.OpenByTable;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Asks the servers of a stream of many tables. The destination first, so that nothing is applied that is not yet published. */
public record ManyTablesReader(AdminSettings settings, StreamServers servers) {
    /** Counts up to this in each table, so that hundreds of them take no longer than anybody wants to wait. */
    private static final long MOST = 100_000;

    /** The tables of the stream; none where it is of one table, or the source cannot be asked. */
    public List<RegisteredTable> tables() {
        try {
            return servers.sourceDatabase()
                    .read(
                            "reading which tables the stream has",
                            connection -> RegisteredTable.read(
                                    connection, settings.stream().name()));
        } catch (OutageException unknown) {
            return List.of();
        }
    }

    ManyTablesStatus read(List<RegisteredTable> tables, InstantSource clock) throws InterruptedException {
        String stream = settings.stream().name();
        Part<Optional<AppliedCut>> applied =
                Part.of(() -> AppliedCut.read(servers.destinationDatabase(), stream), clock);
        Part<Map<Partition, Long>> topics = Part.of(() -> ends(servers.broker(), tables), clock);
        Part<ManyTablesStatus.Published> source = Part.of(() -> published(servers.sourceDatabase(), tables), clock);
        Part<Map<String, Long>> letters = Part.of(() -> OpenByTable.count(settings, tables), clock);
        return new ManyTablesStatus(stream, clock.instant(), tables, source, topics, applied, letters);
    }

    /** Those of the topics that are there. */
    private static Map<Partition, Long> ends(Broker broker, List<RegisteredTable> tables)
            throws OutageException, InterruptedException {
        List<String> there = broker
                .ask("listing topics", admin -> admin.listTopics().names())
                .stream()
                .filter(name -> tables.stream().anyMatch(table -> table.topic().equals(name)))
                .toList();
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicDescription topic : broker.ask(
                        "describing topics",
                        admin -> admin.describeTopics(there).allTopicNames())
                .values()) {
            topic.partitions()
                    .forEach(part ->
                            wanted.put(new TopicPartition(topic.name(), part.partition()), OffsetSpec.latest()));
        }
        Map<Partition, Long> ends = new HashMap<>();
        broker.ask("asking where topics end", admin -> admin.listOffsets(wanted).all())
                .forEach((part, end) -> ends.put(new Partition(part.topic(), part.partition()), end.offset()));
        return ends;
    }

    private ManyTablesStatus.Published published(Database source, List<RegisteredTable> tables) throws OutageException {
        String stream = settings.stream().name();
        return source.read("looking at stream " + stream, connection -> {
            Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream);
            Map<String, Count> waiting = new HashMap<>();
            UnpublishedChanges all = UnpublishedChanges.NONE;
            if (stored.isPresent()) {
                all = waiting(connection, tables, stored.get(), waiting);
            }
            return new ManyTablesStatus.Published(
                    waiting,
                    all.oldest(),
                    stored.flatMap(StoredCheckpoint::pause),
                    StreamLock.ofProducer(stream).holder(connection));
        });
    }

    private static UnpublishedChanges waiting(
            Connection connection, List<RegisteredTable> tables, StoredCheckpoint stored, Map<String, Count> counts)
            throws SQLException {
        UnpublishedChanges all = UnpublishedChanges.NONE;
        for (RegisteredTable table : tables) {
            UnpublishedChanges one =
                    UnpublishedChanges.measure(connection, table.changeTable(), stored.checkpoint(), MOST);
            counts.put(table.name(), one.more() ? Count.atLeast(one.changes()) : Count.exact(one.changes()));
            all = all.and(one);
        }
        return all;
    }
}
