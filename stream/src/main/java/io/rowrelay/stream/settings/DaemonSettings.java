package io.rowrelay.stream.settings;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.ValueTypes;
import java.time.Duration;

/** Settings of one daemon that the commands read as well, to compare. */
public final class DaemonSettings {

    /** The producer's. */
    public static final Setting<Duration> RETENTION = new Setting<>(
            "RETENTION",
            "Keep published changes in the change table for this long.",
            "24h",
            ValueTypes.duration(Duration.ZERO, Duration.ofDays(3650)));

    /** The consumer's. */
    public static final Setting<Duration> TOMBSTONE_RETENTION = new Setting<>(
            "TOMBSTONE_RETENTION",
            "Keep tombstones for this long. It must be longer than the topic keeps records: otherwise an old record could bring"
                    + " a deleted row back.",
            "30d",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofDays(3650)));

    /** The consumer's. */
    public static final Setting<String> KAFKA_GROUP_ID = new Setting<>(
            "KAFKA_GROUP_ID",
            "Consumer group. Consumers of one group share the partitions.",
            "rowrelay-${STREAM}",
            ValueTypes.text());

    private DaemonSettings() {}
}
