package io.rowrelay.it.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.it.stack.Backend;
import io.rowrelay.stream.kafka.TopicCreation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TopicCreationIT {
    private static final String LETTERS = "created_letters";

    /** Whichever daemon comes first makes it: one that is too small would take no dead letter of a large record. */
    @Test
    void a_dead_letter_topic_takes_the_largest_record_with_the_reason() throws Exception {
        Map<String, Object> client =
                Map.of("bootstrap.servers", Backend.running().bootstrapServers(), "default.api.timeout.ms", "60000");

        TopicCreation.createDeadLetterTopic(
                new KafkaClientSettings(Map.of("max.request.size", "5000000"), client, client), LETTERS, 1, -1);

        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, LETTERS);
        try (Admin admin = Admin.create(client)) {
            assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
                    .singleElement()
                    .extracting(letters -> letters.get("max.message.bytes").value())
                    .isEqualTo("10000000");
        }
    }
}
