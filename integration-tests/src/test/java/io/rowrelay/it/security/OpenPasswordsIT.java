package io.rowrelay.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A login over a connection that anybody on the network can read. */
@Timeout(60)
class OpenPasswordsIT {
    /** The loopback address by a name that nobody takes for it. */
    private static final String AS_FROM_AFAR = "2130706433";

    @Test
    void is_warned_of_once_for_each_server_and_never_on_the_machine_itself() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            String local = pipeline.sourceUrl();
            String remote = local.replaceFirst("127\\.0\\.0\\.1|localhost", AS_FROM_AFAR);

            assertThat(warnings(local)).isEmpty();
            assertThat(warnings(remote))
                    .singleElement()
                    .satisfies(warning -> assertThat(warning).contains("in the clear", "sslmode=verify-full", remote));
        }
    }

    /** What opening two sessions warns of. */
    private static List<String> warnings(String url) throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("io.rowrelay.common.jdbc.OpenPasswords");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (HikariDataSource pool = Databases.open(
                        new DatabaseSettings(url, "cdc", "cdc"), "test", 2, "", new SimpleMeterRegistry());
                Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first.isValid(5) && second.isValid(5)).isTrue();
            return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        } finally {
            log.detachAppender(lines);
        }
    }
}
