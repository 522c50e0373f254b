package io.rowrelay.consumer;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.rowrelay.common.kafka.SecretWatch;
import io.rowrelay.common.runtime.Backoff;
import io.rowrelay.common.runtime.OutageReport;
import io.rowrelay.common.runtime.Readiness;
import io.rowrelay.common.runtime.RemarkedReadiness;
import io.rowrelay.common.runtime.StopSignal;
import io.rowrelay.common.runtime.TaskLoop;
import io.rowrelay.common.runtime.Watch;
import io.rowrelay.consumer.cut.CutLimits;
import io.rowrelay.consumer.cut.CutPorts;
import io.rowrelay.consumer.cut.CutTask;
import io.rowrelay.consumer.cut.jdbc.JdbcCutDestination;
import io.rowrelay.consumer.jdbc.JdbcDeadLetterCounts;
import io.rowrelay.consumer.kafka.ConsumingClients;
import io.rowrelay.consumer.kafka.KafkaCutFeed;
import io.rowrelay.consumer.kafka.KafkaDeadLetters;
import io.rowrelay.consumer.kafka.RightsFirst;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.TopicRights;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.settings.StreamSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The parts of a consumer that applies a stream of many tables in cuts. */
final class CutsDaemon {
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

    private CutsDaemon() {}

    /** Applies windows until stop is asked. */
    static void run(
            ConsumerSettings settings, HikariDataSource pool, Readiness health, MeterRegistry registry, StopSignal stop)
            throws InterruptedException {
        StreamSettings topics = settings.topics().ofMany();
        ConsumingClients clients =
                new ConsumingClients(settings.kafka(), settings.apply().groupId(), registry);
        ConsumerMetrics metrics = new ConsumerMetrics(registry, Tags.empty(), Clock.systemUTC(), System::nanoTime);
        CutsMetrics cutMetrics = new CutsMetrics(metrics, new AppliedTables(registry), Clock.systemUTC());
        try (OpenDeadLetters openLetters = new OpenDeadLetters(
                        new DeadLetterLook(
                                () -> Topics.admin(settings.kafka().admin()),
                                settings.kafka()::consumer,
                                topics.deadLetterTopic(),
                                anyTopic -> true),
                        new JdbcDeadLetterCounts(pool, topics.name()),
                        System::nanoTime);
                Watch letterWatch =
                        Watch.start("rowrelay-dead-letters-" + topics.name(), openLetters, OpenDeadLetters.INTERVAL);
                KafkaDeadLetters letterTopic =
                        new KafkaDeadLetters(clients::deadLetterProducer, topics, settings.kafka());
                KafkaCutFeed feed = new KafkaCutFeed(
                        clients::consumer,
                        new SecretWatch(settings.kafka()),
                        () -> Topics.admin(settings.kafka().admin()),
                        topics.topic(),
                        System::nanoTime);
                CutTask cuts = new CutTask(
                        new CutPorts(
                                feed,
                                new JdbcCutDestination(
                                        pool,
                                        topics.name(),
                                        new JsonRecordReader(Optional.empty()),
                                        cutMetrics.counting(letterTopic),
                                        System::nanoTime),
                                cutMetrics.counting(letterTopic),
                                new RemarkedReadiness(health, List.of(openLetters::text)),
                                cutMetrics),
                        CutLimits.of(Runtime.getRuntime().maxMemory()),
                        System::nanoTime)) {
            metrics.showDeadLetters(registry, openLetters::open, openLetters::lost);
            cutMetrics.show(registry, cuts);
            TopicRights rights = new TopicRights()
                    .read(List.of(topics.topic(), topics.deadLetterTopic()))
                    .write(List.of(topics.deadLetterTopic()));
            new TaskLoop(
                            new RightsFirst(rights, settings.kafka(), cuts),
                            done -> cuts.standsBy() ? CutTask.STANDBY : Duration.ZERO,
                            new Backoff(FIRST_RETRY, LONGEST_RETRY, new Random()),
                            new OutageReport(health, metrics::countOutage),
                            health,
                            stop)
                    .run();
        }
    }
}
