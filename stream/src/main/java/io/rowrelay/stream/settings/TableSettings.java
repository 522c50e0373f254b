package io.rowrelay.stream.settings;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.ValueTypes;

/** The names of a stream's tables: each program reads those that it works with. */
public final class TableSettings {

    public static final Setting<String> SOURCE_TABLE = new Setting<>(
            "SOURCE_TABLE",
            "Table whose changes are published; with its schema if that is not on the search path.",
            "${STREAM}",
            ValueTypes.text());
    public static final Setting<String> CHANGE_TABLE = StreamSettings.naming(
            "CHANGE_TABLE", "Table that the triggers write changes to.", "${SOURCE_TABLE}_cdc", ValueTypes.text());
    public static final Setting<String> DESTINATION_TABLE = new Setting<>(
            "DESTINATION_TABLE",
            "Table that changes are applied to; with its schema if that is not on the search path.",
            "${STREAM}",
            ValueTypes.text());

    private TableSettings() {}
}
