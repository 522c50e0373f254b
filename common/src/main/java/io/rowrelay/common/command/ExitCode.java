package io.rowrelay.common.command;

/** How a daemon's process ends. */
public final class ExitCode {

    /** It was asked to stop, and stopped. */
    public static final int STOPPED = 0;

    /** It cannot go on; the log says why. */
    public static final int FATAL = 1;

    /** The command line or the configuration is wrong. */
    public static final int WRONG_CONFIGURATION = 2;

    private ExitCode() {}
}
