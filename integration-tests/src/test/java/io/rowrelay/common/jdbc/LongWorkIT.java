package io.rowrelay.common.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LongWorkIT {
    private static final List<Duration> DEADLINES =
            List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(30));
    private static final Duration MODERATE_WORK = Duration.ofMillis(100);
    private static final double MODERATE = 0.1;
    private static final double LONG = 1;

    @Test
    void has_more_time_after_it_ran_into_its_deadline_and_less_once_it_is_short_again() throws Exception {
        LongWork work = new LongWork(DEADLINES, MODERATE_WORK, System::nanoTime);
        try (Pipeline pipeline = Pipeline.create();
                Connection connection = pipeline.source()) {
            connection.setAutoCommit(false);

            assertTooLong(work, connection, LONG);
            sleep(work, connection, LONG);
            sleep(work, connection, 0);

            assertTooLong(work, connection, MODERATE);
        }
    }

    @Test
    void keeps_its_deadline_over_a_rollback() throws Exception {
        LongWork work = new LongWork(DEADLINES, Duration.ZERO, System::nanoTime);
        try (Pipeline pipeline = Pipeline.create();
                Connection connection = pipeline.source()) {
            connection.setAutoCommit(false);

            assertThatThrownBy(() -> work.run(connection, () -> {
                        connection.rollback();
                        work.renew(connection);
                        return sleep(connection, LONG);
                    }))
                    .isInstanceOf(SQLException.class)
                    .extracting(failure -> ((SQLException) failure).getSQLState())
                    .isEqualTo("57014");
        }
    }

    @Test
    void leaves_a_network_deadline_for_short_statements() throws Exception {
        LongWork work = new LongWork(DEADLINES, Duration.ZERO, System::nanoTime);
        try (Pipeline pipeline = Pipeline.create();
                Connection connection = pipeline.source()) {
            connection.setAutoCommit(false);

            sleep(work, connection, 0);

            assertThat(connection.getNetworkTimeout()).isEqualTo(Databases.SOCKET_DEADLINE.toMillis());
        }
    }

    private static void assertTooLong(LongWork work, Connection connection, double seconds) throws SQLException {
        assertThatThrownBy(() -> sleep(work, connection, seconds))
                .isInstanceOf(SQLException.class)
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo("57014");
        connection.rollback();
    }

    private static void sleep(LongWork work, Connection connection, double seconds) throws Exception {
        work.run(connection, () -> {
            sleep(connection, seconds);
            connection.commit();
            return true;
        });
    }

    private static boolean sleep(Connection connection, double seconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT pg_sleep(" + seconds + ")");
        }
    }
}
