package io.rowrelay.common.runtime;

/** The admin tool, as messages name it. */
public final class AdminTool {
    /** What is typed before a command. */
    public static final String NAME = "java -jar admin.jar";

    private AdminTool() {}

    /** A command as it is typed, such as {@code resync --dry-run}. */
    public static String command(String words) {
        return NAME + " " + words;
    }
}
