package io.rowrelay.consumer;

import io.rowrelay.common.http.HttpSettings;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.consumer.apply.AppliedStream;
import io.rowrelay.consumer.apply.TopicTable;
import io.rowrelay.stream.settings.DaemonSettings;
import io.rowrelay.stream.settings.ProgramTable;
import io.rowrelay.stream.settings.StreamSettings;
import io.rowrelay.stream.settings.TableSettings;
import java.time.Duration;
import java.util.List;

/**
 * The consumer's configuration.
 *
 * @param destination the database that the changes are applied to
 * @param stream what is applied
 * @param topics the topics as they are created
 * @param apply how it is applied
 * @param kafka properties for the Kafka clients
 * @param http the HTTP endpoint
 * @param log the log
 */
public record ConsumerSettings(
        DatabaseSettings destination,
        AppliedStream stream,
        StreamSettings topics,
        ApplySettings apply,
        KafkaClientSettings kafka,
        HttpSettings http,
        LogSettings log) {

    private static final HttpSettings.Lines HTTP = HttpSettings.Lines.of("CONSUMER", 8082);

    private static final Setting<SchemaSetting> RECORD_SCHEMA = StreamSettings.naming(
            "RECORD_SCHEMA",
            "JSON Schema of the records. A record that does not match becomes a dead letter.",
            "none",
            SchemaSetting.type());
    private static final Setting<Integer> REFUSALS_BEFORE_STOP = new Setting<>(
            "REFUSALS_BEFORE_STOP",
            "Stop after rejecting 95 % of this many records; 0 disables it.",
            "5000",
            ValueTypes.wholeNumber(0, 1_000_000));

    private static final Setting<Duration> REFERENCE_WAIT = new Setting<>(
            "REFERENCE_WAIT",
            "Retry for this long a change that a foreign key or unique constraint of the destination rejects, since another"
                    + " change may still allow it. After that it becomes a dead letter; 0s disables it.",
            "10s",
            ValueTypes.duration(Duration.ZERO, Duration.ofMinutes(10)));

    /** Every setting that the consumer reads. */
    public static final SettingsTable TABLE = ProgramTable.of(List.of(
            DatabaseSettings.Lines.DESTINATION.all(),
            StreamSettings.ALL,
            List.of(
                    TableSettings.DESTINATION_TABLE,
                    RECORD_SCHEMA,
                    DaemonSettings.TOMBSTONE_RETENTION,
                    REFUSALS_BEFORE_STOP,
                    REFERENCE_WAIT),
            List.of(KafkaClientSettings.BOOTSTRAP_SERVERS, DaemonSettings.KAFKA_GROUP_ID),
            HTTP.all(),
            LogSettings.ALL));

    /**
     * Reads and checks the whole configuration.
     *
     * @throws io.rowrelay.common.settings.InvalidSettingsException with every mistake
     */
    public static ConsumerSettings read(SettingsSource source) {
        return from(Settings.read(source, TABLE));
    }

    /** The configuration from settings that were read with {@link #TABLE}. */
    public static ConsumerSettings from(Settings settings) {
        StreamSettings topics = StreamSettings.from(settings);
        TopicTable table = new TopicTable(settings.get(TableSettings.DESTINATION_TABLE), topics.topic());
        return new ConsumerSettings(
                DatabaseSettings.Lines.DESTINATION.from(settings),
                new AppliedStream(topics.name(), List.of(table)),
                topics,
                new ApplySettings(
                        settings.get(RECORD_SCHEMA),
                        settings.get(DaemonSettings.TOMBSTONE_RETENTION),
                        settings.get(REFUSALS_BEFORE_STOP),
                        settings.get(REFERENCE_WAIT),
                        settings.get(DaemonSettings.KAFKA_GROUP_ID)),
                KafkaClientSettings.from(settings),
                HTTP.from(settings),
                LogSettings.from(settings));
    }

    /**
     * How it is applied.
     *
     * @param recordSchema the schema of the records
     * @param tombstoneRetention how long deletions are remembered
     * @param rejectionsBeforeStop the consumer stops after rejecting 95 % of this many records; 0 disables it
     * @param referenceWait how long a change waits for the row that it refers to
     * @param groupId the consumer group
     */
    public record ApplySettings(
            SchemaSetting recordSchema,
            Duration tombstoneRetention,
            int rejectionsBeforeStop,
            Duration referenceWait,
            String groupId) {}
}
