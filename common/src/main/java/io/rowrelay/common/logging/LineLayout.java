package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.rowrelay.common.text.PrintableText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One readable line per event. An exception is shown on the same line by its chain of causes; only an error shows the stack
 * trace, since then the process ends or data is at risk.
 */
public final class LineLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n\\u0085\\u2028\\u2029]+\\s*");

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160)
                .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .append(' ')
                .append("%-5s".formatted(event.getLevel()))
                .append(" [")
                .append(event.getThreadName())
                .append("] ")
                .append(simpleName(event.getLoggerName()))
                .append(": ")
                .append(oneLine(event.getFormattedMessage()));
        IThrowableProxy thrown = SafeThrowable.of(event);
        if (thrown == null) {
            return line.append('\n').toString();
        }
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            return line.append('\n').append(ThrowableProxyUtil.asString(thrown)).toString();
        }
        return line.append(" cause=")
                .append(oneLine(causes(thrown)))
                .append('\n')
                .toString();
    }

    private static String causes(IThrowableProxy thrown) {
        StringBuilder causes = new StringBuilder();
        Set<IThrowableProxy> shown = new HashSet<>();
        for (IThrowableProxy cause = thrown; cause != null && shown.add(cause); cause = cause.getCause()) {
            causes.append(causes.isEmpty() ? "" : " <- ").append(simpleName(cause.getClassName()));
            if (cause.getMessage() != null) {
                causes.append(": ").append(cause.getMessage());
            }
        }
        return causes.toString();
    }

    /** The text with its lines one after the other, and nothing in it that a terminal would act on. */
    static String oneLine(@Nullable String text) {
        return PrintableText.line(
                LINE_BREAKS.matcher(text == null ? "null" : text).replaceAll(" | "));
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
