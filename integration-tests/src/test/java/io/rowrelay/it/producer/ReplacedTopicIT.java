package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.TopicClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that is deleted and created again under a running consumer. */
@Timeout(180)
class ReplacedTopicIT {
    private final Pipeline pipeline = Pipeline.create().with("KAFKA_SESSION_TIMEOUT_MS", "6000");
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.bootstrapServers()));

    @AfterEach
    void close() throws Exception {
        admin.close();
        pipeline.close();
    }

    @Test
    void a_topic_deleted_and_created_again_under_the_consumer_is_read_from_its_beginning() throws Exception {
        createTopic();
        try (DaemonProcess consumer = consumer();
                TopicClient client = new TopicClient(pipeline.bootstrapServers())) {
            for (int id = 1; id <= 20; id++) {
                client.send(pipeline.topic(), Integer.toString(id), change(id, id));
            }
            await().atMost(Pipeline.PATIENCE)
                    .until(() -> pipeline.destinationRows("employees").size() == 20);

            admin.deleteTopics(List.of(pipeline.topic())).all().get(30, TimeUnit.SECONDS);
            // Refused while the old one is still going.
            await().atMost(Pipeline.PATIENCE).ignoreExceptions().until(() -> {
                createTopic();
                return true;
            });
            // As many as before and more: a consumer that goes on at its old offset would skip the first ones.
            for (int id = 101; id <= 150; id++) {
                client.send(pipeline.topic(), Integer.toString(id), change(id, id));
            }

            await().atMost(Pipeline.PATIENCE)
                    .until(() -> pipeline.destinationRows("employees").size() == 70);
            assertThat(consumer.output()).contains("ERROR", "the topic was deleted and created again", "resync");
        }
    }

    private DaemonProcess consumer() {
        return new DaemonProcess("consumer", pipeline.environment());
    }

    private void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(pipeline.topic(), 6, (short) 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    private static String change(int actionId, int id) {
        return "{\"action_id\":" + actionId
                + ",\"action\":\"INSERT\",\"changed_at\":\"2026-11-22T10:11:12+00:00\",\"emp_id\":" + id
                + ",\"first_name\":null,\"last_name\":null,\"dob\":null,\"city\":null,\"salary\":null}";
    }
}
