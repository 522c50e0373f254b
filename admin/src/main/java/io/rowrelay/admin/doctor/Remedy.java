package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.Programs;
import java.util.Locale;

/**
 * A command that repairs something, or the next step towards that.
 *
 * @param where it is to be run
 * @param command as it is typed
 */
record Remedy(Where where, String command) {

    /** Where a command is run. */
    enum Where {
        /** In psql on the source. */
        SOURCE,
        /** In psql on the destination. */
        DESTINATION,
        /** On a machine that has the program. */
        SHELL,
        /** By a human, who has to decide something first. */
        BY_HAND;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Remedy inSource(String sql) {
        return new Remedy(Where.SOURCE, sql);
    }

    static Remedy inDestination(String sql) {
        return new Remedy(Where.DESTINATION, sql);
    }

    static Remedy inShell(String command) {
        return new Remedy(Where.SHELL, command);
    }

    static Remedy byHand(String advice) {
        return new Remedy(Where.BY_HAND, advice);
    }

    /** Another command of this tool. */
    static Remedy admin(String command) {
        return inShell(Programs.command(command));
    }

    /** Makes the tables equal again. */
    static Remedy resync() {
        return admin("resync");
    }

    /** Installs or repairs the capture. */
    static Remedy capture(AdminSettings settings) {
        return inSource("SELECT cdc_capture(" + Identifiers.literal(settings.sourceTable()) + ", "
                + Identifiers.literal(settings.changeTable()) + ");");
    }

    /** Prepares the destination table. */
    static Remedy prepareDestination(AdminSettings settings) {
        return inDestination("SELECT cdc_destination(" + Identifiers.literal(settings.destinationTable()) + ");");
    }

    /** Changes the destination table. */
    static Remedy alterDestination(AdminSettings settings, String change) {
        return inDestination("ALTER TABLE " + settings.destinationTable() + " " + change + ";");
    }
}
