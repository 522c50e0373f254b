package io.rowrelay.common.runtime;

/** The programs of Rowrelay, as messages name them. */
public final class Programs {
    /** What is typed before a command of the admin tool. */
    public static final String ADMIN = "java -jar admin.jar";

    /** What starts a producer. */
    public static final String PRODUCER = "java -jar producer.jar";

    /** What starts a consumer. */
    public static final String CONSUMER = "java -jar consumer.jar";

    private Programs() {}

    /** A command of the admin tool as it is typed, such as {@code resync --dry-run}. */
    public static String admin(String command) {
        return ADMIN + " " + command;
    }
}
