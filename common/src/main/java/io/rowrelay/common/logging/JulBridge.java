package io.rowrelay.common.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what the JDK and the PostgreSQL driver log through {@code java.util.logging} into the one log of the process. */
final class JulBridge extends Handler {

    private static final SimpleFormatter FORMATTER = new SimpleFormatter();

    private JulBridge() {}

    /** Replaces the handlers that would write to standard error. */
    static void install() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new JulBridge());
    }

    @Override
    public void publish(LogRecord entry) {
        String name = entry.getLoggerName() == null ? "java.util.logging" : entry.getLoggerName();
        Logger logger = LoggerFactory.getLogger(name);
        // Never an error: our own code decides what a failure of the library means.
        logger.warn("{}", FORMATTER.formatMessage(entry), entry.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
