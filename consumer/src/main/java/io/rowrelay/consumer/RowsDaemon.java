package io.rowrelay.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
import io.rowrelay.consumer.apply.ApplyPorts;
import io.rowrelay.consumer.apply.ApplyTask;
import io.rowrelay.consumer.apply.ReferenceWait;
import io.rowrelay.consumer.apply.RejectionBreaker;
import io.rowrelay.consumer.apply.ValidationThread;
import io.rowrelay.consumer.jdbc.JdbcDeadLetterCounts;
import io.rowrelay.consumer.jdbc.JdbcDestinationIdentity;
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
import io.rowrelay.stream.kafka.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The parts of a consumer that applies one table or many row by row, as one of a group. */
final class RowsDaemon {
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

    private final ConsumerSettings settings;
    private final HikariDataSource pool;
    private final Readiness health;
    private final MeterRegistry registry;
    private final StopSignal stop;

    RowsDaemon(
            ConsumerSettings settings,
            HikariDataSource pool,
            Readiness health,
            MeterRegistry registry,
            StopSignal stop) {
        this.settings = settings;
        this.pool = pool;
        this.health = health;
        this.registry = registry;
        this.stop = stop;
    }

    /** Applies changes until stop is asked. */
    void run(RowsSubject subject) throws InterruptedException {
        String stream = settings.stream().name();
        ConsumingClients clients =
                new ConsumingClients(settings.kafka(), settings.apply().groupId(), registry);
        JsonRecordReader reader = new JsonRecordReader(schema());
        ConsumerMetrics metrics = new ConsumerMetrics(registry, Tags.empty(), Clock.systemUTC(), System::nanoTime);
        try (ValidationThread validation = new ValidationThread();
                TopicIdentity identity = new TopicIdentity(
                        () -> Topics.admin(settings.kafka().admin()), subject.topics(), System::nanoTime);
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
                                subject.topics(),
                                settings.apply().groupId()),
                        changes,
                        metrics::appliedLately,
                        Clock.systemUTC(),
                        System::nanoTime);
                Watch lagWatch = Watch.start("rowrelay-lag-" + stream, lag, ApplyingLag.INTERVAL);
                OpenDeadLetters openLetters = new OpenDeadLetters(
                        new DeadLetterLook(
                                () -> Topics.admin(settings.kafka().admin()),
                                settings.kafka()::consumer,
                                subject.settings().deadLetterTopic(),
                                subject.hasLetters()),
                        new JdbcDeadLetterCounts(pool, stream),
                        System::nanoTime);
                Watch letterWatch =
                        Watch.start("rowrelay-dead-letters-" + stream, openLetters, OpenDeadLetters.INTERVAL);
                KafkaDeadLetters deadLetters =
                        new KafkaDeadLetters(clients::deadLetterProducer, subject.settings(), settings.kafka())) {
            metrics.showLag(registry, lag::changes, lag::seconds);
            metrics.showDeadLetters(registry, openLetters::open, openLetters::lost);
            WithheldPartitions withheld = new WithheldPartitions(
                    new WithheldPartitions.Subject(
                            settings.kafka()::admin,
                            subject.topics(),
                            settings.apply().groupId(),
                            settings.apply().referenceWait()),
                    changes::assigned,
                    subject.watched(),
                    System::nanoTime);
            metrics.showWithheld(registry, withheld::count);
            Readiness remarked = new RemarkedReadiness(health, List.of(openLetters::text, withheld::text));
            Readiness readiness = new ReadinessOfParts(remarked).part(subject.name());
            ApplyTask apply = new ApplyTask(
                    new ApplyPorts(
                            changes, reader, subject.applier(), subject.progress(), deadLetters, readiness, metrics),
                    new RejectionBreaker(settings.apply().rejectionsBeforeStop(), System::nanoTime),
                    new ReferenceWait(settings.apply().referenceWait(), System::nanoTime),
                    validation,
                    System::nanoTime);
            Task task =
                    subject.start().apply(new RightsFirst(subject.rights(), settings.kafka(), work(apply, metrics)));
            try (Watch withheldWatch =
                    Watch.start("rowrelay-withheld-" + stream, withheld, WithheldPartitions.INTERVAL)) {
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

    private Task work(ApplyTask apply, ConsumerMetrics metrics) {
        TableSize size = new TableSize(pool, List.of("cdc_tombstone"))
                .register(registry, "rowrelay.tombstone.table", "cdc_tombstone");
        TombstoneRetention retention = new TombstoneRetention(
                pool,
                settings.stream().name(),
                settings.apply().tombstoneRetention(),
                metrics::countRemoved,
                System::nanoTime);
        return new Housekeeping(apply, List.of(retention, size), System::nanoTime);
    }

    private Optional<RecordSchema> schema() {
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
