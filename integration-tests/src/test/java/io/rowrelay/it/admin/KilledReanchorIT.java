package io.rowrelay.it.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The repair of a restored source, killed itself. */
@Tag("nightly")
@Timeout(180)
class KilledReanchorIT {
    private static final String[] MOMENTS = {"largest action_id", "anchored", "written"};

    @Test
    void can_be_killed_at_any_moment_and_run_again() throws Exception {
        try (Pipeline pipeline = Pipeline.create()) {
            pipeline.startConsumer();
            try (RunningDaemon producer = pipeline.startProducer()) {
                Databases.execute(
                        pipeline.sourceUrl(),
                        "INSERT INTO employees (salary) SELECT n FROM generate_series(1, 2000) n",
                        "UPDATE employees SET salary = salary + 1 WHERE emp_id <= 100");
                pipeline.awaitEqual();
            }
            // As a restore to before the last changes does; the topic and the destination have them.
            Databases.execute(
                    pipeline.sourceUrl(),
                    "ALTER TABLE employees DISABLE TRIGGER USER",
                    "DELETE FROM emp_cdc WHERE action_id > 1500",
                    "DELETE FROM employees WHERE emp_id > 1500",
                    "UPDATE employees SET salary = salary - 1 WHERE emp_id <= 100",
                    "SELECT cdc_capture('employees', 'emp_cdc')");
            RunningDaemon refusing = pipeline.startProducer();
            await().atMost(Pipeline.PATIENCE).until(refusing::hasEnded);
            assertThat(refusing.failure()).hasMessageContaining("rowrelay reanchor");

            for (String moment : MOMENTS) {
                reanchorKilledWhenItSays(moment, pipeline);
            }
            AdminRun.expecting(0, pipeline.environment(), "reanchor", "--no-wait");
            pipeline.startProducer();

            pipeline.awaitEqual();
        }
    }

    private static void reanchorKilledWhenItSays(String moment, Pipeline pipeline) {
        try (DaemonProcess admin =
                new DaemonProcess("admin", pipeline.environment(), "reanchor", "--no-wait", "--chunk", "10")) {
            await(moment).atMost(Pipeline.PATIENCE).until(() -> admin.output().contains(moment));
        }
    }
}
