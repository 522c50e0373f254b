package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;

/**
 * A command of admin.jar.
 *
 * @param name what is typed
 * @param duty what it does, in a sentence or two
 * @param table the settings it reads
 * @param body its work
 */
public record Verb(String name, String duty, SettingsTable table, Body body) {

    /** A command's own work. */
    @FunctionalInterface
    public interface Body {

        /**
         * Does it. The settings are checked.
         *
         * @throws CommandFailedException when it cannot be done, with what to do
         */
        Outcome run(Settings settings, Options options, Console console) throws Exception;
    }
}
