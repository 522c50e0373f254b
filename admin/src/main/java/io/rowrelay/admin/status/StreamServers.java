package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Broker;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.command.DeadLetterCount;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.kafka.OldestChanges;
import io.rowrelay.stream.progress.jdbc.StoredProgress;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.Partition;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The two databases and the broker of a stream, none of which has to be there. Not thread-safe. */
public final class StreamServers implements StreamView, AutoCloseable {
    private final AdminSettings settings;
    private final Database source;
    private final Database destination;
    private final Broker broker;
    private final DeadLetterCount deadLetters;

    /** Does not connect yet. */
    public StreamServers(AdminSettings settings) {
        this.settings = settings;
        this.source = Database.sourceOfAnyVersion(settings, Database.LOOK);
        this.destination = Database.destinationOfAnyVersion(settings, Database.LOOK);
        this.broker = new Broker(settings);
        this.deadLetters = new DeadLetterCount(settings, destination);
    }

    private StreamServers(StreamServers all, AdminSettings settings) {
        this.settings = settings;
        this.source = all.source;
        this.destination = all.destination;
        this.broker = all.broker;
        this.deadLetters = all.deadLetters;
    }

    /** Those of a stream of many, for one table of it. They are closed with these. */
    public StreamServers of(RegisteredTable table) {
        return new StreamServers(this, table.settings(settings));
    }

    public Database sourceDatabase() {
        return source;
    }

    public Database destinationDatabase() {
        return destination;
    }

    public Broker broker() {
        return broker;
    }

    @Override
    public SourceStatus source() throws OutageException {
        return SourceReader.read(source, settings);
    }

    @Override
    public TopicStatus topic() throws OutageException, InterruptedException {
        return new TopicReader(broker, settings).read();
    }

    @Override
    public DestinationStatus destination() throws OutageException {
        String stream = settings.stream().name();
        return destination.read("reading cdc_progress", connection -> {
            InstalledVersion.DESTINATION.require(connection);
            return new DestinationStatus(StoredProgress.read(connection, stream));
        });
    }

    @Override
    public DeadLetterCounts deadLetters() throws OutageException, InterruptedException {
        return deadLetters.read();
    }

    @Override
    public Optional<Instant> oldestChange(Map<Integer, Long> offsets) throws OutageException, InterruptedException {
        Map<Partition, Long> records = new HashMap<>();
        offsets.forEach(
                (number, offset) -> records.put(new Partition(settings.stream().topic(), number), offset));
        return OldestChanges.read(settings.kafka().consumer(), records).values().stream()
                .min(Comparator.naturalOrder());
    }

    @Override
    public void close() {
        source.close();
        destination.close();
        broker.close();
        deadLetters.close();
    }
}
