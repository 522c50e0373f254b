package io.rowrelay.producer;

import io.rowrelay.common.http.HttpSettings;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.producer.capture.UnsoundTable;
import io.rowrelay.producer.jdbc.FlushRule;
import io.rowrelay.producer.jdbc.SourceOptions;
import io.rowrelay.producer.kafka.TopicShape;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.settings.DaemonSettings;
import io.rowrelay.stream.settings.ProgramTable;
import io.rowrelay.stream.settings.StreamSettings;
import io.rowrelay.stream.settings.TableSettings;
import java.time.Duration;
import java.util.List;

/**
 * The producer's configuration.
 *
 * @param source the database whose changes are published
 * @param stream the stream
 * @param topics how its topics are created
 * @param capture how the source is read
 * @param kafka properties for the Kafka clients
 * @param http the HTTP endpoint
 * @param log the log
 */
public record ProducerSettings(
        DatabaseSettings source,
        Stream stream,
        StreamSettings topics,
        CaptureSettings capture,
        KafkaClientSettings kafka,
        HttpSettings http,
        LogSettings log) {

    private static final HttpSettings.Lines HTTP = HttpSettings.Lines.of("PRODUCER", 8081);

    private static final Setting<Duration> POLL_IDLE_MAX = new Setting<>(
            "POLL_IDLE_MAX",
            "Longest pause between two polls of the change table while no change comes.",
            "10ms",
            ValueTypes.duration(Duration.ofMillis(1), Duration.ofMinutes(1)));
    private static final Setting<Integer> PAGE_SIZE = new Setting<>(
            "PAGE_SIZE",
            "Read and publish at most this many changes at once.",
            "5000",
            ValueTypes.wholeNumber(1, 100_000));
    private static final Setting<Duration> CAPTURE_CHECK_INTERVAL = new Setting<>(
            "CAPTURE_CHECK_INTERVAL",
            "Check the triggers and the change table this often.",
            "60s",
            ValueTypes.duration(Duration.ofMillis(100), Duration.ofDays(1)));
    private static final Setting<FlushRule> PUBLISH_AFTER_FLUSH_BY = new Setting<>(
            "PUBLISH_AFTER_FLUSH_BY",
            "Publish a change only after this many standbys of the source, or the standbys with these names, have flushed it to"
                    + " disk; 0 does not wait.",
            "0",
            FlushRule.type());

    private static final Setting<UnsoundTable> UNSOUND_TABLE = new Setting<>(
            "UNSOUND_TABLE",
            "Whether an unsound capture of one of several tables stops the stream, or the table is left out.",
            "stop",
            ValueTypes.oneOf(UnsoundTable.class));

    /** Every setting that the producer reads. */
    public static final SettingsTable TABLE = ProgramTable.of(List.of(
            DatabaseSettings.Lines.SOURCE.all(),
            StreamSettings.ALL,
            List.of(
                    TableSettings.SOURCE_TABLE,
                    TableSettings.CHANGE_TABLE,
                    POLL_IDLE_MAX,
                    PAGE_SIZE,
                    DaemonSettings.RETENTION,
                    CAPTURE_CHECK_INTERVAL,
                    PUBLISH_AFTER_FLUSH_BY,
                    UNSOUND_TABLE),
            List.of(KafkaClientSettings.BOOTSTRAP_SERVERS),
            HTTP.all(),
            LogSettings.ALL));

    /**
     * Reads and checks the whole configuration.
     *
     * @throws io.rowrelay.common.settings.InvalidSettingsException with every mistake
     */
    public static ProducerSettings read(SettingsSource source) {
        return from(Settings.read(source, TABLE));
    }

    /** The configuration from settings that were read with {@link #TABLE}. */
    public static ProducerSettings from(Settings settings) {
        StreamSettings topics = StreamSettings.from(settings);
        CapturedTable table = new CapturedTable(
                settings.get(TableSettings.SOURCE_TABLE), settings.get(TableSettings.CHANGE_TABLE), topics.topic());
        return new ProducerSettings(
                DatabaseSettings.Lines.SOURCE.from(settings),
                new Stream(topics.name(), List.of(table), topics.deadLetterTopic()),
                topics,
                new CaptureSettings(
                        settings.get(POLL_IDLE_MAX),
                        settings.get(PAGE_SIZE),
                        settings.get(DaemonSettings.RETENTION),
                        settings.get(CAPTURE_CHECK_INTERVAL),
                        settings.get(PUBLISH_AFTER_FLUSH_BY),
                        settings.get(UNSOUND_TABLE)),
                KafkaClientSettings.from(settings),
                HTTP.from(settings),
                LogSettings.from(settings));
    }

    /** How the source is read, where no value above this size in bytes is worth reading. */
    SourceOptions sourceOptions() {
        return new SourceOptions(
                capture.pageSize(),
                kafka.largestRecordBytes(),
                capture.pollIdleMax(),
                capture.flushRule(),
                capture.unsoundTable());
    }

    /** How missing topics are created. */
    TopicShape topicShape() {
        return new TopicShape(topics.partitions(), topics.replicationFactor());
    }

    /**
     * How the source is read.
     *
     * @param pollIdleMax the longest wait between two polls
     * @param pageSize the most changes read and published at once
     * @param retention how long published changes are kept
     * @param checkInterval how often the capture is checked
     * @param flushRule which standbys must have a change before it is published
     * @param unsoundTable what to do with a table of several whose capture is not sound
     */
    public record CaptureSettings(
            Duration pollIdleMax,
            int pageSize,
            Duration retention,
            Duration checkInterval,
            FlushRule flushRule,
            UnsoundTable unsoundTable) {}
}
