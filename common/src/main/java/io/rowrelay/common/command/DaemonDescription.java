package io.rowrelay.common.command;

import io.rowrelay.common.settings.SettingsTable;
import java.util.Objects;

/**
 * What a daemon is, for its command line and its reference.
 *
 * @param name its name, such as producer
 * @param duty what it does, in a sentence
 * @param table its settings
 */
public record DaemonDescription(String name, String duty, SettingsTable table) {

    public DaemonDescription {
        Objects.requireNonNull(name);
        Objects.requireNonNull(duty);
        Objects.requireNonNull(table);
    }
}
