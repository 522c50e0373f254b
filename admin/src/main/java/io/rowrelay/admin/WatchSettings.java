package io.rowrelay.admin;

import io.rowrelay.common.settings.DaemonSettings;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What the commands read that look at the daemons' doing: also settings of one daemon only.
 *
 * @param stream what every command reads
 * @param groupId the consumer group
 * @param retention how long published changes stay in the change table
 * @param tombstoneRetention how long deletions are remembered in the destination
 */
record WatchSettings(AdminSettings stream, String groupId, Duration retention, Duration tombstoneRetention) {

    /** Every setting that these commands read. */
    static final SettingsTable TABLE = new SettingsTable(
            Stream.concat(
                            AdminSettings.TABLE.settings().stream(),
                            Stream.of(
                                    DaemonSettings.KAFKA_GROUP_ID,
                                    DaemonSettings.RETENTION,
                                    DaemonSettings.TOMBSTONE_RETENTION))
                    .toList(),
            AdminSettings.TABLE.families(),
            AdminSettings.TABLE.rules());

    static WatchSettings from(Settings settings) {
        return new WatchSettings(
                AdminSettings.from(settings),
                settings.get(DaemonSettings.KAFKA_GROUP_ID),
                settings.get(DaemonSettings.RETENTION),
                settings.get(DaemonSettings.TOMBSTONE_RETENTION));
    }
}
