package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Load;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several consumers of one group come and go in the middle of a load. */
@Timeout(180)
class SharedGroupIT {
    @Tag("nightly")
    @Test
    void consumers_share_the_partitions_and_leave_in_the_middle_of_a_load() throws Exception {
        // A killed consumer says no goodbye: the group notices when its session is over.
        try (Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000");
                Load load = new Load(pipeline)) {
            pipeline.startProducer();
            RunningDaemon closed = pipeline.startConsumer();
            RunningDaemon killed = pipeline.startConsumer();

            load.awaitArrivals(20);
            closed.close();
            load.awaitArrivals(20);
            pipeline.startConsumer();
            load.awaitArrivals(20);
            killed.kill();
            load.awaitArrivals(20);

            load.assertEqualAtTheEnd();
            assertThat(closed.failure()).isNull();
        }
    }

    /** Each would get the changes of some partitions only. */
    @Test
    void a_second_destination_under_the_same_group_is_refused_until_the_first_has_gone() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Pipeline other = Pipeline.create()) {
            pipeline.startProducer();
            RunningDaemon first = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(first::isReady);
            pipeline.with("DESTINATION_DB_URL", other.destinationUrl());

            RunningDaemon second = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(() -> second.reason().contains("feeds another destination"));
            assertThat(second.reason())
                    .contains("member consumer-" + pipeline.topic(), "at /127.0.0.1", "KAFKA_GROUP_ID");
            Employees.insert(pipeline.sourceUrl(), 500);

            pipeline.awaitEqual();
            assertThat(second.isReady()).isFalse();
            assertThat(other.destinationRows("employees")).isEmpty();

            first.close();
            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(other.destinationRows("employees")).isEqualTo(pipeline.sourceRows("employees")));
            assertThat(second.isReady()).isTrue();
        }
    }

    @Test
    void of_two_destinations_that_come_to_a_new_group_at_once_one_is_fed_whole() throws Exception {
        try (Pipeline pipeline = Pipeline.create();
                Pipeline other = Pipeline.create()) {
            pipeline.startProducer();
            RunningDaemon one = pipeline.startConsumer();
            RunningDaemon two =
                    pipeline.with("DESTINATION_DB_URL", other.destinationUrl()).startConsumer();
            Employees.insert(pipeline.sourceUrl(), 500);

            await().atMost(Pipeline.PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    List.of(pipeline.destinationRows("employees"), other.destinationRows("employees")))
                            .contains(pipeline.sourceRows("employees")));
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> (one.reason() + two.reason()).contains("feeds another destination"));
            assertThat(one.isReady() && two.isReady()).isFalse();
        }
    }

    /** They would take it from each other for ever, or the older would poll in silence. */
    @Test
    void of_two_consumers_with_one_instance_id_the_newer_reads_and_the_older_waits_until_it_has_gone()
            throws Exception {
        try (Pipeline pipeline = Pipeline.create()
                .with("KAFKA_SESSION_TIMEOUT_MS", "6000")
                .with("KAFKA_HEARTBEAT_INTERVAL_MS", "500")
                .with("KAFKA_GROUP_INSTANCE_ID", "one")) {
            pipeline.startProducer();
            RunningDaemon older = pipeline.startConsumer();
            await().atMost(Pipeline.PATIENCE).until(older::isReady);
            RunningDaemon newer = pipeline.startConsumer();

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> older.reason().contains("has joined with the same group.instance.id one"));
            await().atMost(Pipeline.PATIENCE).until(newer::isReady);
            Employees.insert(pipeline.sourceUrl(), 50);
            pipeline.awaitEqual();
            assertThat(newer.isReady()).isTrue();
            assertThat(older.isReady()).isFalse();

            newer.kill();
            Databases.execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Rome'");
            pipeline.awaitEqual();
            assertThat(older.isReady()).isTrue();
        }
    }
}
