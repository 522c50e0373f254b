package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of the process. */
public final class Logging {

    /** The level for libraries: we report a broker or database that is down once, they would at each attempt. */
    private static final Map<String, Level> LIBRARIES = Map.ofEntries(
            Map.entry("org.apache.kafka", Level.WARN),
            Map.entry("org.apache.kafka.clients.NetworkClient", Level.ERROR),
            Map.entry("org.apache.kafka.clients.ClientUtils", Level.ERROR),
            Map.entry("org.apache.kafka.clients.admin.internals.AdminMetadataManager", Level.ERROR),
            Map.entry("org.apache.kafka.clients.producer.internals.Sender", Level.ERROR),
            // Warns of answers that come after a rebalance, which are harmless and many after an outage.
            Map.entry("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils", Level.ERROR),
            // Log as errors what they then throw.
            Map.entry("org.apache.kafka.clients.consumer.internals.AsyncKafkaConsumer", Level.OFF),
            Map.entry("org.apache.kafka.clients.consumer.internals.ClassicKafkaConsumer", Level.OFF),
            Map.entry("org.apache.kafka.clients.consumer.internals.ConsumerCoordinator", Level.OFF),
            Map.entry("org.apache.kafka.clients.consumer.internals.CompletedFetch", Level.OFF),
            Map.entry("org.apache.kafka.common.security.ssl.DefaultSslEngineFactory", Level.OFF),
            Map.entry("com.zaxxer.hikari", Level.ERROR),
            Map.entry("io.micrometer", Level.WARN));

    private Logging() {}

    /**
     * Logs to standard output from now on, in the format and from the level on; a person's own logback configuration is left
     * alone.
     */
    public static void configure(LogSettings settings) {
        configure(settings, ConsoleTarget.SystemOut);
    }

    /** The same to standard error, for programs whose standard output is their result. */
    public static void configureBesideResult(LogSettings settings) {
        configure(settings, ConsoleTarget.SystemErr);
    }

    /** Runs {@code end} after a thread has ended for want of memory and this was logged. */
    public static void onOutOfMemory(Runnable end) {
        OutOfMemory.watch((LoggerContext) LoggerFactory.getILoggerFactory(), end);
    }

    private static void configure(LogSettings settings, ConsoleTarget target) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (!FirstLog.hasOwnConfiguration()) {
            apply(context, settings, target);
        }
        RecentProblems.listen(context);
        JulBridge.install();
    }

    static void apply(LoggerContext context, LogSettings settings) {
        apply(context, settings, ConsoleTarget.SystemOut);
    }

    private static void apply(LoggerContext context, LogSettings settings, ConsoleTarget target) {
        context.reset();
        ConsoleAppender<ILoggingEvent> output = new ConsoleAppender<>();
        output.setContext(context);
        output.setTarget(target.getName());
        output.setEncoder(encoder(context, settings.format()));
        output.start();
        Level level = Level.convertAnSLF4JLevel(settings.level());
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(output);
        if (level.isGreaterOrEqual(Level.INFO)) {
            context.addTurboFilter(new RefusedLogins());
            LIBRARIES.forEach((name, most) -> context.getLogger(name).setLevel(higher(most, level)));
        }
    }

    static Encoder<ILoggingEvent> encoder(LoggerContext context, LogSettings.Format format) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> lines(context);
            case JSON -> new SafeJsonEncoder();
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> lines(LoggerContext context) {
        LineLayout layout = new LineLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        return encoder;
    }

    private static Level higher(Level left, Level right) {
        return left.isGreaterOrEqual(right) ? left : right;
    }
}
