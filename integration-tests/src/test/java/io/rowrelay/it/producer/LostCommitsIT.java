package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.Signals;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The consumer does not wait for the destination's disk: what a crash of the server takes back is applied again. */
@Timeout(300)
class LostCommitsIT {
    private static final int ROWS = 500;
    /** The number of Kafka's request to produce. */
    private static final int PRODUCE = 0;

    private final LinkedStack stack = LinkedStack.start(Map.of());
    /** A rebalance would have the changes read again for its own sake. */
    private final LinkedPipeline pipeline = new LinkedPipeline(stack).with("KAFKA_SESSION_TIMEOUT_MS", "60000");

    private DaemonProcess producer;
    private DaemonProcess consumer;

    @BeforeEach
    void begin() {
        producer = pipeline.startProducer();
        consumer = pipeline.startConsumer();
        pipeline.insert(ROWS);
        pipeline.awaitFinished();
        Databases.execute(stack.destination().jdbcUrl(), "CHECKPOINT");
        // From here on nothing reaches the disk unless somebody waits for it.
        Signals.suspend(walWriter());
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
        stack.close();
    }

    @Test
    void commits_that_a_crash_of_the_destination_undoes_are_made_again() {
        pipeline.insert(ROWS);
        pipeline.awaitFinished();

        crash();

        stack.heal();
        pipeline.awaitFinished();
        assertSaid();
    }

    /** A batch with a dead letter is applied first and finished later: in between a crash must not go unnoticed. */
    @Tag("nightly")
    @Test
    void so_are_those_of_a_batch_whose_dead_letter_is_still_on_its_way() {
        assertThat(producer.stop(Pipeline.PATIENCE)).isZero();
        pipeline.insert(ROWS);
        stack.brokerToConsumer().cut();
        try (TopicClient client = new TopicClient(stack.bootstrapServers())) {
            client.send(pipeline.topic(), "7", "not a change");
        }
        pipeline.startProducer();
        await().atMost(Pipeline.PATIENCE).until(() -> published() == 2 * ROWS + 1);
        stack.brokerToConsumer().heal();
        stack.brokerToConsumer().holdRepliesTo(PRODUCE);
        await().atMost(Pipeline.PATIENCE).until(() -> stack.brokerToConsumer().held() > 0);
        assertThat(pipeline.destinationRows()).hasSize(2 * ROWS);

        crash();

        stack.heal();
        pipeline.awaitFinished();
        assertSaid();
    }

    /** The destination's place does not move then, so a crash leaves no hole that could be noticed. */
    @Tag("nightly")
    @Test
    void what_is_read_again_after_the_group_was_set_back_is_not_undone() throws Exception {
        assertThat(consumer.stop(Pipeline.PATIENCE)).isZero();
        Databases.execute(pipeline.destinationUrl(), "DELETE FROM employees");
        setTheGroupBack();
        pipeline.startConsumer();
        pipeline.awaitFinished();

        crash();
    }

    private void setTheGroupBack() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(
                            pipeline.topic(), Map.of(new TopicPartition(pipeline.topic(), 0), new OffsetAndMetadata(0)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private int published() {
        return Topics.read(stack.bootstrapServers(), pipeline.topic()).size();
    }

    private void crash() {
        stack.consumerToDestination().cut();
        stack.destination().kill();
        stack.destination().start();
        assertThat(pipeline.destinationRows()).as("those that were on the disk").hasSize(ROWS);
    }

    private void assertSaid() {
        assertThat(consumer.output()).contains("last commits in a crash").doesNotContain("ERROR");
    }

    private long walWriter() {
        return Long.parseLong(Databases.query(
                        stack.destination().jdbcUrl(),
                        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
                .get(0));
    }
}
