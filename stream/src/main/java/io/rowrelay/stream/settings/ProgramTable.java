package io.rowrelay.stream.settings;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsTable;
import java.util.List;
import java.util.stream.Stream;

/** The table of the settings of a program that works with a stream. */
public final class ProgramTable {

    private ProgramTable() {}

    /** The lines in their order, and what is the same for every program: the properties of Kafka's clients, and the rules. */
    public static SettingsTable of(List<List<Setting<?>>> lines) {
        return new SettingsTable(
                lines.stream().flatMap(List::stream).toList(),
                List.of(KafkaClientSettings.PROPERTIES),
                Stream.concat(StreamSettings.RULES.stream(), Stream.of(KafkaClientSettings.TAKEN_BY_THE_CLIENTS))
                        .toList(),
                RowrelayNames.ALL);
    }
}
