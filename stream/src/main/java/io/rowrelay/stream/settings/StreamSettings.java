package io.rowrelay.stream.settings;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsReader;
import io.rowrelay.common.settings.SettingsRule;
import io.rowrelay.common.settings.SpecialDefault;
import io.rowrelay.common.settings.ValueType;
import io.rowrelay.common.settings.ValueTypes;
import io.rowrelay.stream.cut.CutRecord;
import java.util.List;
import java.util.Optional;

/**
 * What both daemons must agree on about a stream.
 *
 * @param name the stream
 * @param topic the topic of its changes
 * @param deadLetterTopic the topic of the rejected records
 * @param partitions the partitions of a topic that is created
 * @param replicationFactor the replicas of a topic that is created; -1 is the broker's default
 */
public record StreamSettings(
        String name, String topic, String deadLetterTopic, int partitions, short replicationFactor) {

    public static final Setting<String> STREAM = new Setting<>(
            "STREAM",
            "Name of the stream. Its checkpoint, progress and tombstones are kept under this name.",
            ShippedStream.name(),
            ValueTypes.text());
    public static final Setting<String> TOPIC = naming(
            "TOPIC", "Kafka topic of the changes. Created if it is missing.", "${STREAM}_cdc", ValueTypes.topic());
    public static final Setting<String> DLQ_TOPIC = naming(
            "DLQ_TOPIC",
            "Kafka topic of the dead letters. Created if it is missing.",
            "${TOPIC}_dlq",
            ValueTypes.topic());
    public static final Setting<Integer> TOPIC_PARTITIONS = new Setting<>(
            "TOPIC_PARTITIONS",
            "Partitions of a topic that Rowrelay creates. At most this many consumers can share the work.",
            "6",
            ValueTypes.wholeNumber(1, 10_000));
    public static final Setting<Integer> TOPIC_REPLICATION_FACTOR = new Setting<>(
            "TOPIC_REPLICATION_FACTOR",
            "Replicas of a topic that Rowrelay creates; -1 uses the broker's default.",
            "-1",
            ValueType.open(
                    "-1 or a whole number from 1 to 100",
                    text -> ValueTypes.wholeNumber(-1, 100).parse(text).filter(replicas -> replicas != 0)));

    /** The lines of the table. */
    public static final List<Setting<?>> ALL =
            List.of(STREAM, TOPIC, DLQ_TOPIC, TOPIC_PARTITIONS, TOPIC_REPLICATION_FACTOR);

    /** What must hold between them. */
    public static final List<SettingsRule> RULES = List.of(StreamSettings::topicsDiffer);

    /** A setting that names a thing of the stream. The shipped stream's things have names that do not follow from its own. */
    public static <T> Setting<T> naming(String name, String description, String defaultText, ValueType<T> type) {
        SpecialDefault special = new SpecialDefault(STREAM, ShippedStream.name(), ShippedStream.nameOf(name));
        return new Setting<>(name, description, defaultText, Optional.of(special), type);
    }

    public static StreamSettings from(Settings settings) {
        return new StreamSettings(
                settings.get(STREAM),
                settings.get(TOPIC),
                settings.get(DLQ_TOPIC),
                settings.get(TOPIC_PARTITIONS),
                settings.get(TOPIC_REPLICATION_FACTOR).shortValue());
    }

    /** The same for a stream of many tables: the topic of its cuts, and that of its dead letters, are called after it. */
    public StreamSettings ofMany() {
        return new StreamSettings(name, name + CutRecord.TOPIC_SUFFIX, name + ".dlq", partitions, replicationFactor);
    }

    private static void topicsDiffer(SettingsReader settings) {
        if (settings.value(TOPIC).equals(settings.value(DLQ_TOPIC))
                && settings.value(TOPIC).isPresent()) {
            settings.refuse(DLQ_TOPIC, "is the same as TOPIC", "give dead letters a topic of their own");
        }
    }
}
