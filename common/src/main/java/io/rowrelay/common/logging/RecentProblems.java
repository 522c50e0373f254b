package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last warnings and errors of the process's log, for its status page. Lines from WARN up show no value of a row, by the
 * rules for logs. Thread-safe.
 */
public final class RecentProblems extends AppenderBase<ILoggingEvent> {
    private static final int MOST = 20;
    private static final int LONGEST_MESSAGE = 600;
    /** One, as there is one log. */
    private static final RecentProblems OF_THE_PROCESS = new RecentProblems();

    private final Deque<Problem> ring = new ArrayDeque<>();

    RecentProblems() {}

    /**
     * A line of the log.
     *
     * @param time when
     * @param level WARN or ERROR
     * @param message the line without its front
     */
    public record Problem(Instant time, String level, String message) {}

    /** The last ones, the newest first. */
    public static List<Problem> ofTheProcess() {
        return OF_THE_PROCESS.latest();
    }

    /** Listens from now on, to whatever the log is configured to take. */
    static void listen(LoggerContext context) {
        OF_THE_PROCESS.setContext(context);
        OF_THE_PROCESS.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(OF_THE_PROCESS);
    }

    List<Problem> latest() {
        synchronized (ring) {
            return new ArrayList<>(ring);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return;
        }
        String message = String.valueOf(event.getFormattedMessage());
        Problem problem = new Problem(
                Instant.ofEpochMilli(event.getTimeStamp()),
                event.getLevel().toString(),
                message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...");
        synchronized (ring) {
            ring.addFirst(problem);
            if (ring.size() > MOST) {
                ring.removeLast();
            }
        }
    }
}
