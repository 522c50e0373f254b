package io.rowrelay.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SeedScenariosIT {
    private static final String HUNDRED_EMPLOYEES = """
            INSERT INTO employees (first_name, last_name, dob, city, salary)
            SELECT 'First' || n, 'Last' || n, date '1960-01-01' + n * 100,
                   (ARRAY['Oslo', 'Lima', 'Cairo'])[n % 3 + 1], 40000 + n * 500
            FROM generate_series(1, 100) n""";

    @Test
    void brings_over_what_is_inserted_updated_by_several_sessions_and_deleted() throws Exception {
        try (Pipeline pipeline = Pipeline.create().start()) {
            Databases.execute(pipeline.sourceUrl(), HUNDRED_EMPLOYEES);
            pipeline.awaitEqual();
            assertThat(pipeline.destinationRows("employees")).hasSize(100);

            List<Thread> sessions = Stream.of("Oslo", "Lima", "Cairo", "Oslo", "Lima", "Cairo")
                    .map(city -> new Thread(() -> Databases.execute(
                            pipeline.sourceUrl(),
                            "UPDATE employees SET salary = salary * 1.1 WHERE city = '" + city + "'")))
                    .toList();
            sessions.forEach(Thread::start);
            for (Thread session : sessions) {
                session.join();
            }
            pipeline.awaitEqual();

            Databases.execute(pipeline.sourceUrl(), "DELETE FROM employees WHERE salary < 60000");
            pipeline.awaitEqual();
            assertThat(pipeline.destinationRows("employees")).hasSizeBetween(1, 99);
        }
    }

    @Test
    void brings_over_what_was_there_before_the_daemons() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            Databases.execute(
                    pipeline.sourceUrl(),
                    HUNDRED_EMPLOYEES,
                    "UPDATE employees SET emp_id = emp_id + 1000",
                    "DELETE FROM employees WHERE emp_id % 2 = 0");

            pipeline.start();

            pipeline.awaitEqual();
            assertThat(pipeline.destinationRows("employees")).hasSize(50);
        }
    }
}
