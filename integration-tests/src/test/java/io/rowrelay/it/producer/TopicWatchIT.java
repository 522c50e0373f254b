package io.rowrelay.it.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.it.stack.RotatedLogin;
import io.rowrelay.producer.ProducerSettings;
import io.rowrelay.producer.capture.PublishedOffsets;
import io.rowrelay.producer.kafka.TopicWatch;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.record.Partition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The look at what the topic still holds, while a password is rotated. */
@Timeout(120)
class TopicWatchIT {
    private final LinkedStack stack = LinkedStack.shared();
    private RotatedLogin login;
    private long now;
    private TopicWatch watch;

    @BeforeEach
    void topic(@TempDir Path directory) throws Exception {
        login = new RotatedLogin(stack, directory, "old");
        KafkaClientSettings kafka =
                KafkaClientSettings.from(Settings.read(SettingsSource.of(login.settings()), ProducerSettings.TABLE));
        TopicCreation.createMissing(kafka.admin(), "watched", 1, 1, Map.of());
        watch = new TopicWatch(kafka, List.of("watched"), () -> now);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void begins_with_the_new_password_once_the_former_is_refused() throws Exception {
        Map<String, String> topicIds = watch.takeUp().topicIds();
        login.brokersTake("new");
        awaitRefusal();

        login.fileSays("new");

        assertThat(watch.takeUp().topicIds()).isEqualTo(topicIds).isNotEmpty();
    }

    @Test
    void sees_a_loss_though_the_client_of_the_look_before_is_refused() throws Exception {
        PublishedOffsets more = new PublishedOffsets(
                watch.takeUp().topicIds(), Map.of(new Partition("watched", 0), new PublishedOffsets.Last(7, 7)));
        login.brokersTake("new");
        awaitRefusal();
        // Asks, and opens a client for that, with what the file says still.
        look(more);

        login.fileSays("new");

        await().atMost(Pipeline.PATIENCE)
                .until(() -> look(more).orElse("").contains("had acknowledged up to offset 6"));
    }

    private Optional<String> look(PublishedOffsets published) throws Exception {
        now += Duration.ofSeconds(10).toNanos();
        return watch.loss(() -> published);
    }

    private void awaitRefusal() {
        await().atMost(Pipeline.PATIENCE).until(() -> {
            try {
                watch.takeUp();
                return false;
            } catch (OutageException refused) {
                return String.valueOf(refused.getMessage()).contains("SaslAuthenticationException");
            }
        });
    }
}
