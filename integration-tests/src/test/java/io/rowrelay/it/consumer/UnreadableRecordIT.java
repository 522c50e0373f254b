package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.it.stack.AdminRun;
import io.rowrelay.it.stack.DaemonProcess;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Employees;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RunningDaemon;
import io.rowrelay.it.stack.TopicClient;
import io.rowrelay.it.stack.Topics;
import java.time.Duration;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody who may write to a topic writes a few kilobytes that unpack to more than the memory of a process. */
@Timeout(300)
class UnreadableRecordIT {
    /** More than the processes of the tests have. */
    private static final int BYTES = 300 << 20;

    private static final byte[] ONE_BYTE = {1};
    private static final int KEYS = 60;
    private static final int RECORDS = 90;
    private static final int KEY_BYTES = 4 << 20;
    private static final int HEADERS = 50_000;

    @Test
    void ends_no_process_and_is_named_together_with_the_command_that_passes_it() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("TOPIC_PARTITIONS", "2")) {
            RunningDaemon producer = pipeline.startProducer();
            Employees.insertKeys(pipeline.sourceUrl(), 1, 3);
            try (DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
                pipeline.awaitEqual();
                RecordMetadata bomb = TopicClient.sendZeros(pipeline.bootstrapServers(), pipeline.topic(), BYTES);
                Employees.insertKeys(pipeline.sourceUrl(), 4, KEYS);

                await().atMost(Pipeline.PATIENCE)
                        .until(
                                () -> consumer.get("/health/ready").body(),
                                body -> body.contains("record " + bomb + " "));
                // Those of the other partition.
                await().atMost(Pipeline.PATIENCE).until(() -> rows(pipeline, 4, KEYS) > KEYS / 4);
                assertThat(consumer.get("/health/ready").body())
                        .contains("kafka-delete-records.sh", "offset\\\":" + (bomb.offset() + 1));
                assertThat(consumer.isAlive()).isTrue();

                // What looks at the ends of the topic does so without that partition.
                producer.close();
                assertThat(admin(pipeline, 0, "reanchor", "--trust-source", "--dry-run"))
                        .contains("would be done", "record " + bomb + " does not fit the memory");

                Topics.empty(pipeline.bootstrapServers(), pipeline.topic());
                pipeline.startProducer();
                Employees.insertKeys(pipeline.sourceUrl(), KEYS + 1, 2 * KEYS);
                await().atMost(Pipeline.PATIENCE).until(() -> rows(pipeline, KEYS + 1, 2 * KEYS) == KEYS);
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> consumer.get("/health/ready").status() == 200);
                assertThat(rows(pipeline, 4, KEYS)).isLessThan(KEYS - 3);
                assertThat(consumer.output())
                        .contains("record " + bomb, " ERROR ")
                        .as("the client stays")
                        .containsOnlyOnce("partitions assigned");
            }
            RecordMetadata letter =
                    TopicClient.sendZeros(pipeline.bootstrapServers(), pipeline.deadLetterTopic(), BYTES);
            assertThat(admin(pipeline, 1, "dlq", "list")).contains("record " + letter + " does not fit the memory");
        }
    }

    /** Each fits, but only some of them at once. */
    @Tag("nightly")
    @Timeout(600)
    @Test
    void nor_do_many_records_that_unpack_to_too_much_only_together() throws Exception {
        try (Pipeline pipeline = Pipeline.create().with("TOPIC_PARTITIONS", "1");
                TopicClient client = TopicClient.packing(pipeline.bootstrapServers())) {
            try (RunningDaemon producer = pipeline.startProducer()) {
                Employees.insertKeys(pipeline.sourceUrl(), 1, 3);
                await().atMost(Pipeline.PATIENCE)
                        .until(() -> Topics.read(pipeline.bootstrapServers(), pipeline.topic())
                                        .size()
                                == 3);
                assertThat(producer.isReady()).isTrue();
            }
            for (int i = 0; i < RECORDS; i++) {
                client.sendHeaders(pipeline.topic(), null, null, HEADERS);
                client.sendHeaders(pipeline.deadLetterTopic(), null, null, HEADERS);
                client.sendHeaders(pipeline.topic(), ONE_BYTE, ONE_BYTE, HEADERS);
                client.sendHeaders(pipeline.deadLetterTopic(), ONE_BYTE, ONE_BYTE, HEADERS);
            }
            for (int i = 0; i < RECORDS; i++) {
                client.send(pipeline.topic(), new byte[KEY_BYTES], ONE_BYTE);
            }
            try (DaemonProcess producer = new DaemonProcess("producer", pipeline.environment()).awaitReady();
                    DaemonProcess consumer = new DaemonProcess("consumer", pipeline.environment()).awaitReady()) {
                Employees.insertKeys(pipeline.sourceUrl(), 4, 6);
                pipeline.awaitRows(6);
                // So often the consumer counts the dead letters.
                await().during(Duration.ofSeconds(12)).atMost(Pipeline.PATIENCE).until(consumer::isAlive);
                assertThat(producer.output() + consumer.output()).doesNotContain("OutOfMemory");
            }
        }
    }

    private static long rows(Pipeline pipeline, int first, int last) {
        return Long.parseLong(Databases.query(
                        pipeline.destinationUrl(),
                        "SELECT count(*) FROM employees WHERE emp_id BETWEEN " + first + " AND " + last)
                .get(0));
    }

    private static String admin(Pipeline pipeline, int exitCode, String... arguments) {
        return AdminRun.expecting(exitCode, pipeline.environment(), arguments).said();
    }
}
