package io.rowrelay.producer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.Housekeeping;
import io.rowrelay.common.runtime.KnownReadiness;
import io.rowrelay.common.runtime.OutageReport;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TaskLoop;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.producer.capture.CaptureTask;
import io.rowrelay.producer.capture.PollPace;
import io.rowrelay.producer.capture.ServedStream;
import io.rowrelay.producer.jdbc.BacklogCount;
import io.rowrelay.producer.jdbc.JdbcSourceDatabase;
import io.rowrelay.producer.jdbc.NewTables;
import io.rowrelay.producer.jdbc.Retention;
import io.rowrelay.producer.jdbc.StreamRetention;
import io.rowrelay.producer.kafka.ChangeReferences;
import io.rowrelay.producer.kafka.KafkaEventSink;
import io.rowrelay.producer.kafka.PublishingClients;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.jdbc.TableSize;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The producer's parts, put together: read top to bottom it is the architecture. */
public final class ProducerDaemon {
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);
    private static final Duration NEW_TABLES_INTERVAL = Duration.ofSeconds(2);
    private static final Duration FINISH_DEADLINE = Duration.ofSeconds(4);

    /** Nothing that somebody else holds may stop the stream in silence. */
    private static final String SESSION = "SET lock_timeout = '3s';";

    private ProducerDaemon() {}

    /**
     * Captures and publishes until stop is asked, then finishes what is in flight.
     *
     * @throws RuntimeException when going on could lose changes; nothing unfinished has been checkpointed
     */
    public static void run(ProducerSettings settings, Readiness health, MeterRegistry registry, StopSignal stop)
            throws InterruptedException {
        settings.kafka().warnOfOpenPasswords();
        Stream stream = settings.stream();
        PublishedTables tables = new PublishedTables(registry);
        ServedStream served = new ServedStream(stream, tables::serve);
        tables.showUnsound(served::unsound);
        KnownReadiness readiness = new KnownReadiness(health);
        // Changes carry the time of the source, so what is measured is measured by its clock.
        ServerClock clock = new ServerClock(Clock.systemUTC());
        PublishingLag lag = new PublishingLag(clock, System::nanoTime, readiness::isReady);
        ProducerMetrics metrics = new ProducerMetrics(registry, clock, System::nanoTime, lag, tables);
        PublishingClients clients = new PublishingClients(settings.kafka(), registry);
        try (HikariDataSource pool =
                        Databases.open(settings.source(), "rowrelay-producer-" + stream.name(), 3, SESSION, registry);
                KafkaEventSink sink = new KafkaEventSink(
                        served,
                        settings.topicShape(),
                        settings.kafka(),
                        clients::open,
                        new ChangeReferences(stream.name(), metrics::countOversized),
                        System::nanoTime);
                CaptureTask capture = new CaptureTask(
                        new JdbcSourceDatabase(pool, served, settings.sourceOptions(), clock, System::nanoTime),
                        sink,
                        readiness,
                        metrics,
                        settings.capture().checkInterval(),
                        System::nanoTime);
                Watch backlog = Watch.start(
                        "rowrelay-backlog-" + stream.name(),
                        new BacklogCount(pool, served, lag::isUnknown, lag::counted),
                        PublishingLag.COUNT_INTERVAL);
                Watch newTables = Watch.start(
                        "rowrelay-new-tables-" + stream.name(), new NewTables(pool, served), NEW_TABLES_INTERVAL)) {
            TableSize size = new TableSize(
                            pool,
                            () -> served.served().orElse(stream).tables().stream()
                                    .map(CapturedTable::changeTable)
                                    .toList())
                    .register(registry, "rowrelay.change.table", "the change table");
            List<Task> chores = new ArrayList<>(List.of(size));
            chores.add(new StreamRetention(
                    served,
                    table -> new Retention(
                            pool,
                            stream.name(),
                            table,
                            settings.capture().retention(),
                            metrics::countRemoved,
                            System::nanoTime)));
            Task task = new Housekeeping(capture, chores, System::nanoTime);
            loop(task, settings, readiness, metrics, stop).run();
            capture.finish(FINISH_DEADLINE);
        }
    }

    private static TaskLoop loop(
            Task task, ProducerSettings settings, Readiness readiness, ProducerMetrics metrics, StopSignal stop) {
        return new TaskLoop(
                task,
                new PollPace(settings.capture().pollIdleMax()),
                new Backoff(FIRST_RETRY, LONGEST_RETRY, new Random()),
                new OutageReport(readiness, metrics::countOutage),
                readiness,
                stop);
    }
}
