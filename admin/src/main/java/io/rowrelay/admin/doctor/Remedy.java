package io.rowrelay.admin.doctor;

import java.util.Locale;

/**
 * A command that mends something, or the next step towards that.
 *
 * @param where it is to be run
 * @param command as it is typed
 */
public record Remedy(Where where, String command) {
    /** How the commands are called; their names follow. */
    public static final String ADMIN = "java -jar admin/target/admin.jar ";

    /** Where a command is run. */
    public enum Where {
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

    public static Remedy inSource(String sql) {
        return new Remedy(Where.SOURCE, sql);
    }

    public static Remedy inDestination(String sql) {
        return new Remedy(Where.DESTINATION, sql);
    }

    public static Remedy inShell(String command) {
        return new Remedy(Where.SHELL, command);
    }

    public static Remedy byHand(String advice) {
        return new Remedy(Where.BY_HAND, advice);
    }

    /** Brings the tables back in step. */
    public static Remedy resync() {
        return inShell(ADMIN + "resync");
    }
}
