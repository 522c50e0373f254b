package io.rowrelay.common.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when a thread of it ended for want of memory: half dead, it would help nobody, and a supervisor starts a new one.
 * Libraries only log such an end. The flag ExitOnOutOfMemoryError of the JVM would end it before anybody could say which record needs
 * so much memory; the thread that reads records says so itself.
 */
final class OutOfMemory extends AppenderBase<ILoggingEvent> {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);

    private final Runnable end;

    OutOfMemory(Runnable end) {
        this.end = end;
    }

    /** From now on, for every thread that fails; to be called when the log is set up, so that its last line comes first. */
    static void watch(LoggerContext context, Runnable end) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> LOG.error("thread {} has ended", thread.getName(), failure));
        OutOfMemory watch = new OutOfMemory(end);
        watch.setContext(context);
        watch.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(watch);
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null && failure.getClassName().equals(OutOfMemoryError.class.getName())) {
            end.run();
        }
    }
}
