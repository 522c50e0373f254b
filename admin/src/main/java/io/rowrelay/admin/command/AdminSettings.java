package io.rowrelay.admin.command;

import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.logging.LogSettings;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.stream.settings.DaemonSettings;
import io.rowrelay.stream.settings.ProgramTable;
import io.rowrelay.stream.settings.StreamSettings;
import io.rowrelay.stream.settings.TableSettings;
import java.time.Duration;
import java.util.List;

/**
 * What the commands read: the settings of both daemons, under the same names.
 *
 * @param source the database whose changes are published
 * @param destination the database that the changes are applied to
 * @param stream the stream and its topics
 * @param sourceTable the table whose changes are published
 * @param changeTable the table that the triggers write to
 * @param destinationTable the table that the changes are applied to
 * @param groupId the consumer group
 * @param retention how long published changes stay in the change table
 * @param tombstoneRetention how long deletions are remembered in the destination
 * @param kafka properties for the Kafka clients
 * @param timeout how long a command waits for a server's answer
 */
public record AdminSettings(
        DatabaseSettings source,
        DatabaseSettings destination,
        StreamSettings stream,
        String sourceTable,
        String changeTable,
        String destinationTable,
        String groupId,
        Duration retention,
        Duration tombstoneRetention,
        KafkaClientSettings kafka,
        Duration timeout) {

    /** Every setting that the commands read. */
    public static final SettingsTable TABLE = ProgramTable.of(List.of(
            DatabaseSettings.Lines.SOURCE.all(),
            DatabaseSettings.Lines.DESTINATION.all(),
            StreamSettings.ALL,
            List.of(
                    TableSettings.SOURCE_TABLE,
                    TableSettings.CHANGE_TABLE,
                    TableSettings.DESTINATION_TABLE,
                    DaemonSettings.KAFKA_GROUP_ID,
                    DaemonSettings.RETENTION,
                    DaemonSettings.TOMBSTONE_RETENTION),
            List.of(KafkaClientSettings.BOOTSTRAP_SERVERS, CommandTimeout.SETTING),
            LogSettings.ALL));

    /** Those for one table of a stream of many; the destination's table is called as the source's. */
    public AdminSettings of(String table, String changes, String topic) {
        return new AdminSettings(
                source,
                destination,
                new StreamSettings(
                        stream.name(), topic, stream.name() + ".dlq", stream.partitions(), stream.replicationFactor()),
                table,
                changes,
                table,
                groupId,
                retention,
                tombstoneRetention,
                kafka,
                timeout);
    }

    /** Those of a command. */
    public static AdminSettings from(Settings settings) {
        return new AdminSettings(
                DatabaseSettings.Lines.SOURCE.from(settings),
                DatabaseSettings.Lines.DESTINATION.from(settings),
                StreamSettings.from(settings),
                settings.get(TableSettings.SOURCE_TABLE),
                settings.get(TableSettings.CHANGE_TABLE),
                settings.get(TableSettings.DESTINATION_TABLE),
                settings.get(DaemonSettings.KAFKA_GROUP_ID),
                settings.get(DaemonSettings.RETENTION),
                settings.get(DaemonSettings.TOMBSTONE_RETENTION),
                KafkaClientSettings.from(settings),
                settings.get(CommandTimeout.SETTING));
    }
}
