package io.rowrelay.common.runtime;

/** The programs of Rowrelay, as messages name them. */
public final class Programs {
    /** How a user starts the admin tool; a command follows. */
    public static final String ADMIN = "java -jar admin.jar";

    /** What starts a producer. */
    public static final String PRODUCER = "java -jar producer.jar";

    /** What starts a consumer. */
    public static final String CONSUMER = "java -jar consumer.jar";

    /** What to do where the tables and functions of Rowrelay in the source are missing or old. */
    public static final String SOURCE_SCRIPTS =
            "run Rowrelay's SQL scripts for the source, in the order of their names";

    /** The same for the destination. */
    public static final String DESTINATION_SCRIPTS =
            "run Rowrelay's SQL scripts for the destination, in the order of their names";

    private Programs() {}

    /** A command of the admin tool as it is typed, such as {@code resync --dry-run}. */
    public static String admin(String command) {
        return ADMIN + " " + command;
    }
}
