package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.rowrelay.common.jdbc.SqlFailures;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An exception as lines above DEBUG show it: its messages on one line each, and without values of rows. */
final class SafeThrowable implements IThrowableProxy {
    private final IThrowableProxy whole;

    private SafeThrowable(IThrowableProxy whole) {
        this.whole = whole;
    }

    /** The exception of an event, as the event's level may show it. */
    static @Nullable IThrowableProxy of(ILoggingEvent event) {
        return event.getLevel().isGreaterOrEqual(Level.INFO)
                ? of(event.getThrowableProxy())
                : event.getThrowableProxy();
    }

    static @Nullable IThrowableProxy of(@Nullable IThrowableProxy thrown) {
        return thrown == null ? null : new SafeThrowable(thrown);
    }

    @Override
    public @Nullable String getMessage() {
        return shown(whole.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
        return shown(whole.getOverridingMessage());
    }

    private @Nullable String shown(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return LineLayout.oneLine(
                whole instanceof ThrowableProxy proxy ? SqlFailures.shown(proxy.getThrowable(), text) : text);
    }

    @Override
    public String getClassName() {
        return whole.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
        return whole.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
        return whole.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
        return of(whole.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
        return Arrays.stream(whole.getSuppressed()).map(SafeThrowable::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
        return whole.isCyclic();
    }
}
