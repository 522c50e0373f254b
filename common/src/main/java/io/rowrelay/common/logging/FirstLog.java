package io.rowrelay.common.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * How logback begins, found by it as a service: readable lines from INFO on, until the daemon has read its settings. In
 * code and not in XML, since reading XML takes a third of a second of a daemon's start. A configuration file of logback's
 * own kind goes first where there is one.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class FirstLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (hasOwnConfiguration()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Logging.apply(context, new LogSettings(LogSettings.Format.TEXT, Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether a person configured logback as logback documents it. */
    static boolean hasOwnConfiguration() {
        ClassLoader classes = FirstLog.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || Stream.of("logback-test.xml", "logback.xml").anyMatch(name -> classes.getResource(name) != null);
    }
}
