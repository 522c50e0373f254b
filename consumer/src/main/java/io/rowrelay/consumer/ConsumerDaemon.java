package io.rowrelay.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.Housekeeping;
import io.rowrelay.common.runtime.IdleWait;
import io.rowrelay.common.runtime.OutageReport;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.ReadinessOfParts;
import io.rowrelay.common.runtime.RemarkedReadiness;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.common.runtime.TaskLoop;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import io.rowrelay.consumer.apply.AppliedStream;
import io.rowrelay.consumer.apply.ApplyPorts;
import io.rowrelay.consumer.apply.ApplyTask;
import io.rowrelay.consumer.apply.ReferenceWait;
import io.rowrelay.consumer.apply.RejectionBreaker;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.consumer.apply.ValidationThread;
import io.rowrelay.consumer.jdbc.CutsMode;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.consumer.jdbc.JdbcDeadLetterCounts;
import io.rowrelay.consumer.jdbc.JdbcDestinationIdentity;
import io.rowrelay.consumer.jdbc.JdbcProgress;
import io.rowrelay.consumer.jdbc.RegisteredProgress;
import io.rowrelay.consumer.jdbc.TombstoneRetention;
import io.rowrelay.consumer.kafka.ApplyingLag;
import io.rowrelay.consumer.kafka.ConsumingClients;
import io.rowrelay.consumer.kafka.GroupIdentity;
import io.rowrelay.consumer.kafka.KafkaChangeStream;
import io.rowrelay.consumer.kafka.KafkaDeadLetters;
import io.rowrelay.consumer.kafka.RightsFirst;
import io.rowrelay.consumer.kafka.TopicIdentity;
import io.rowrelay.consumer.kafka.WithheldPartitions;
import io.rowrelay.stream.jdbc.TableSize;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.json.RecordSchema;
import io.rowrelay.stream.json.RecordSchemas;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicRights;
import io.rowrelay.stream.kafka.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer's parts, put together: read top to bottom it is the architecture. */
public final class ConsumerDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerDaemon.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

    private ConsumerDaemon() {}

    /**
     * Applies changes until stop is asked, then finishes the current batch.
     *
     * @throws RuntimeException when going on could lose changes; no offset of anything unfinished has been committed
     */
    public static void run(ConsumerSettings settings, Readiness health, MeterRegistry registry, StopSignal stop)
            throws InterruptedException {
        settings.kafka().warnOfOpenPasswords();
        try (HikariDataSource pool = Databases.open(
                settings.destination(),
                "rowrelay-consumer-" + settings.stream().name(),
                3,
                JdbcChangeApplier.SESSION,
                registry)) {
            RowsMode rows = new RowsMode(new CutsMode(pool, settings.stream().name()));
            if (rows.mayBegin()) {
                Set<Meter> others = Set.copyOf(registry.getMeters());
                try {
                    applyRows(settings, pool, rows, health, registry, stop);
                    return;
                } catch (RowsMode.EndException cuts) {
                    LOG.info(
                            "the destination applies stream {} in cuts",
                            settings.stream().name());
                    registry.getMeters().stream()
                            .filter(meter -> !others.contains(meter))
                            .forEach(registry::remove);
                }
            }
            CutsDaemon.run(settings, pool, health, registry, stop);
        }
    }

    /** Applies the one table of a stream row by row. */
    private static void applyRows(
            ConsumerSettings settings,
            HikariDataSource pool,
            RowsMode rows,
            Readiness health,
            MeterRegistry registry,
            StopSignal stop)
            throws InterruptedException {
        AppliedStream stream = settings.stream();
        // A process applies one table.
        TopicTable table = stream.tables().get(0);
        ConsumingClients clients =
                new ConsumingClients(settings.kafka(), settings.apply().groupId(), registry);
        JsonRecordReader reader = new JsonRecordReader(schema(settings));
        ConsumerMetrics metrics = new ConsumerMetrics(registry, Tags.empty(), Clock.systemUTC(), System::nanoTime);
        try (ValidationThread validation = new ValidationThread();
                TopicIdentity identity = new TopicIdentity(
                        () -> Topics.admin(settings.kafka().admin()), stream.topics(), System::nanoTime);
                KafkaChangeStream changes = new KafkaChangeStream(
                        clients::consumer,
                        new SecretWatch(settings.kafka()),
                        new GroupIdentity(
                                identity, clients.group(identity, System::nanoTime), new JdbcDestinationIdentity(pool)),
                        System::nanoTime);
                ApplyingLag lag = new ApplyingLag(
                        new ApplyingLag.Subject(
                                () -> Topics.admin(settings.kafka().admin()),
                                settings.kafka()::consumer,
                                stream.topics(),
                                settings.apply().groupId()),
                        changes,
                        metrics::appliedLately,
                        Clock.systemUTC(),
                        System::nanoTime);
                Watch lagWatch = Watch.start("rowrelay-lag-" + stream.name(), lag, ApplyingLag.INTERVAL);
                OpenDeadLetters openLetters = new OpenDeadLetters(
                        new DeadLetterLook(
                                () -> Topics.admin(settings.kafka().admin()),
                                settings.kafka()::consumer,
                                settings.topics().deadLetterTopic(),
                                table.topic()),
                        new JdbcDeadLetterCounts(pool, stream.name()),
                        System::nanoTime);
                Watch letterWatch =
                        Watch.start("rowrelay-dead-letters-" + stream.name(), openLetters, OpenDeadLetters.INTERVAL);
                KafkaDeadLetters deadLetters =
                        new KafkaDeadLetters(clients::deadLetterProducer, settings.topics(), settings.kafka())) {
            metrics.showLag(registry, lag::changes, lag::seconds);
            metrics.showDeadLetters(registry, openLetters::open, openLetters::lost);
            WithheldPartitions withheld = new WithheldPartitions(
                    new WithheldPartitions.Subject(
                            settings.kafka()::admin,
                            stream.topics(),
                            settings.apply().groupId(),
                            settings.apply().referenceWait()),
                    changes::assigned,
                    new JdbcProgress(pool, stream.name(), table.topic()),
                    System::nanoTime);
            metrics.showWithheld(registry, withheld::count);
            Readiness remarked = new RemarkedReadiness(health, List.of(openLetters::text, withheld::text));
            Readiness readiness = new ReadinessOfParts(remarked).part("table " + table.name());
            JdbcProgress progress = new JdbcProgress(pool, stream.name(), table.topic());
            RegisteredProgress registered = new RegisteredProgress(progress, pool, stream);
            JdbcChangeApplier applier = new JdbcChangeApplier(pool, progress, table, System::nanoTime);
            RejectionBreaker breaker = new RejectionBreaker(settings.apply().rejectionsBeforeStop(), System::nanoTime);
            TableSize size = new TableSize(pool, List.of("cdc_tombstone"))
                    .register(registry, "rowrelay.tombstone.table", "cdc_tombstone");
            TombstoneRetention retention = new TombstoneRetention(
                    pool,
                    stream.name(),
                    settings.apply().tombstoneRetention(),
                    metrics::countRemoved,
                    System::nanoTime);
            ApplyTask apply = new ApplyTask(
                    new ApplyPorts(changes, reader, applier, registered, deadLetters, readiness, metrics),
                    breaker,
                    new ReferenceWait(settings.apply().referenceWait(), System::nanoTime),
                    validation,
                    System::nanoTime);
            TopicRights rights = new TopicRights()
                    .read(stream.topics())
                    .read(List.of(settings.topics().deadLetterTopic()))
                    .write(List.of(settings.topics().deadLetterTopic()));
            Task work = new Housekeeping(apply, List.of(retention, size), System::nanoTime);
            Task task = rows.unlessCuts(
                    () -> TopicCreation.requireAnswer(settings.kafka().admin(), table.topic()),
                    new RightsFirst(rights, settings.kafka(), work));
            try (Watch withheldWatch =
                    Watch.start("rowrelay-withheld-" + stream.name(), withheld, WithheldPartitions.INTERVAL)) {
                new TaskLoop(
                                task,
                                new IdleWait(Duration.ZERO),
                                new Backoff(FIRST_RETRY, LONGEST_RETRY, new Random()),
                                new OutageReport(readiness, metrics::countOutage),
                                readiness,
                                stop)
                        .run();
            }
        }
    }

    private static Optional<RecordSchema> schema(ConsumerSettings settings) {
        SchemaSetting wanted = settings.apply().recordSchema();
        try {
            if (wanted instanceof SchemaSetting.InFile file) {
                return Optional.of(RecordSchemas.in(file.path()));
            }
            return wanted instanceof SchemaSetting.Shipped
                    ? Optional.of(RecordSchemas.shipped(settings.stream().name()))
                    : Optional.empty();
        } catch (IllegalArgumentException failure) {
            throw new InvalidSettingsException(new Mistake(
                    "configuration",
                    "RECORD_SCHEMA",
                    wanted.toString(),
                    String.valueOf(failure.getMessage()),
                    "name a file that holds a JSON Schema, or none"));
        }
    }
}
