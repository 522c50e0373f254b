package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops the errors that Kafka's clients log with each rejected attempt to connect: they also throw them, and we log them once.
 * Their other errors are not thrown, so the logger itself stays on.
 */
final class RefusedLogins extends TurboFilter {
    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        return format != null
                        && format.contains("failed authentication")
                        && logger.getName().equals(CLIENT)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
