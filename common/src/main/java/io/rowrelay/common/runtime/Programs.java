package io.rowrelay.common.runtime;

/** The programs of Rowrelay, as messages name them. */
public final class Programs {
    /** The launcher beside the jars, bin/rowrelay: a daemon or a command follows. */
    public static final String NAME = "rowrelay";

    /** What starts a producer. */
    public static final String PRODUCER = NAME + " producer";

    /** What starts a consumer. */
    public static final String CONSUMER = NAME + " consumer";

    /** What to do where the tables and functions of Rowrelay in the source are missing or old. */
    public static final String SOURCE_SCRIPTS =
            "run Rowrelay's SQL scripts for the source, in the order of their names";

    /** The same for the destination. */
    public static final String DESTINATION_SCRIPTS =
            "run Rowrelay's SQL scripts for the destination, in the order of their names";

    private Programs() {}

    /** A command as it is typed, such as {@code resync --dry-run}. */
    public static String command(String command) {
        return NAME + " " + command;
    }
}
