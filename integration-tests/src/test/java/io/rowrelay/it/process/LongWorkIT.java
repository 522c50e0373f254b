package io.rowrelay.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.it.stack.Pipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongWorkIT {
    private static final List<Duration> DEADLINES =
            List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(30));
    private static final Duration MODERATE_WORK = Duration.ofMillis(100);
    private static final double MODERATE = 0.1;
    private static final double LONG = 1;

    private final Pipeline pipeline = Pipeline.create();
    private Connection connection;

    @BeforeAll
    void connect() throws Exception {
        connection = pipeline.source();
        connection.setAutoCommit(false);
    }

    @BeforeEach
    void beginAnew() throws Exception {
        connection.rollback();
    }

    @AfterAll
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void has_more_time_after_it_ran_into_its_deadline_and_less_once_it_is_short_again() throws Exception {
        LongWork work = new LongWork(DEADLINES, MODERATE_WORK, System::nanoTime);

        assertTooLong(() -> sleep(work, LONG));
        connection.rollback();
        sleep(work, LONG);
        sleep(work, 0);

        assertTooLong(() -> sleep(work, MODERATE));
    }

    @Test
    void keeps_its_deadline_over_a_rollback() {
        LongWork work = new LongWork(DEADLINES, Duration.ZERO, System::nanoTime);

        assertTooLong(() -> work.run(connection, () -> {
            connection.rollback();
            work.renew(connection);
            return sleep(LONG);
        }));
    }

    @Test
    void leaves_a_network_deadline_for_short_statements() throws Exception {
        LongWork work = new LongWork(DEADLINES, Duration.ZERO, System::nanoTime);

        sleep(work, 0);

        assertThat(connection.getNetworkTimeout()).isEqualTo(Databases.SOCKET_DEADLINE.toMillis());
    }

    private static void assertTooLong(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(SQLException.class)
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo("57014");
    }

    private void sleep(LongWork work, double seconds) throws Exception {
        work.run(connection, () -> {
            sleep(seconds);
            connection.commit();
            return true;
        });
    }

    private boolean sleep(double seconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT pg_sleep(" + seconds + ")");
        }
    }
}
