package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.CutTopic;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.LinkedPipeline;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that loses power takes back records that it had acknowledged: the topic loses its tail, and grows again. */
@Timeout(180)
class CutTopicIT {
    private static final int ROWS = 100;

    private final LinkedStack stack = LinkedStack.shared();
    private final LinkedPipeline pipeline = new LinkedPipeline(stack);

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Tag("nightly")
    @Test
    void a_topic_that_was_cut_and_grew_past_the_place_of_a_stopped_consumer_is_read_from_where_it_was_cut() {
        DaemonProcess producer = pipeline.startProducer();
        DaemonProcess consumer = pipeline.startConsumer();
        insert(3);
        pipeline.awaitFinished();
        assertThat(consumer.stop(Pipeline.PATIENCE)).isZero();
        assertThat(producer.stop(Pipeline.PATIENCE)).isZero();

        CutTopic.at(stack.broker(), pipeline.topic(), 0, ROWS);
        pipeline.startProducer();
        insert(4);
        awaitPublished(5 * ROWS);

        DaemonProcess again = pipeline.startConsumer();
        awaitEqual();
        assertThat(again.output()).contains("ERROR", "-0 lost its tail: topic and destination agree up to");
        assertThat(again.get("/metrics").body()).containsPattern("rowrelay_partitions_cut_total\\{[^}]*} 1\\.0");
    }

    @Tag("nightly")
    @Test
    void so_is_one_that_was_cut_under_a_running_consumer() {
        pipeline.startProducer();
        DaemonProcess consumer = pipeline.startConsumer();
        insert(3);
        pipeline.awaitFinished();

        CutTopic.at(stack.broker(), pipeline.topic(), 0, ROWS);
        insert(4);

        awaitEqual();
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(consumer.output()).contains("ERROR", "-0 lost its tail"));
    }

    @Tag("nightly")
    @Test
    void records_that_were_lost_before_anybody_read_them_are_published_again() {
        DaemonProcess producer = pipeline.startProducer();
        insert(1);
        DaemonProcess consumer = pipeline.startConsumer();
        pipeline.awaitFinished();
        assertThat(consumer.stop(Pipeline.PATIENCE)).isZero();
        insert(2);
        awaitPublished(3 * ROWS);
        Databases.execute(pipeline.sourceUrl(), "UPDATE employees SET city = 'Rome' WHERE emp_id % 2 = 0");
        awaitPublished(3 * ROWS + 3 * ROWS / 2);

        CutTopic.at(stack.broker(), pipeline.topic(), 0, 2 * ROWS);

        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(producer.output()).contains("ERROR", "lost records"));
        pipeline.startConsumer();
        awaitEqual();
    }

    @Tag("nightly")
    @Test
    void so_are_those_that_were_lost_while_no_producer_ran() {
        DaemonProcess producer = pipeline.startProducer();
        insert(3);
        awaitPublished(3 * ROWS);
        producer.kill();

        CutTopic.at(stack.broker(), pipeline.topic(), 0, ROWS);
        DaemonProcess again = pipeline.startProducer(Map.of());

        pipeline.startConsumer();
        awaitEqual();
        assertThat(again.output()).contains("ERROR", "lost records");
    }

    /** Each hundred a batch of its own on the topic. */
    private void insert(int hundreds) {
        for (int i = 0; i < hundreds; i++) {
            pipeline.insert(ROWS);
            long last = Long.parseLong(Databases.query(pipeline.sourceUrl(), "SELECT max(action_id) FROM emp_cdc")
                    .get(0));
            await().atMost(Pipeline.PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(pipeline.published()).contains(last));
        }
    }

    private void awaitPublished(int records) {
        await().atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.published()).hasSizeGreaterThanOrEqualTo(records));
    }

    private void awaitEqual() {
        await("source and destination to be equal")
                .atMost(Pipeline.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.destinationRows()).isEqualTo(pipeline.sourceRows()));
    }
}
