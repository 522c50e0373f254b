package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import io.rowrelay.it.stack.Link;
import io.rowrelay.it.stack.LinkedStack;
import io.rowrelay.producer.ProducerSettings;
import io.rowrelay.stream.kafka.TopicCreation;
import io.rowrelay.stream.kafka.TopicTail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are opened for one question give up, and are closed, however far the broker has answered when it falls silent. */
class SilentBrokerIT {
    private static final int METADATA = 3;
    private static final int FIND_OFFSETS = 2;
    private static final int CREATE_TOPICS = 19;
    private static final int API_VERSIONS = 18;
    private static final int QUESTIONS = 16;

    private final LinkedStack stack = LinkedStack.shared();
    private final Link link = stack.producerToBroker();
    private final KafkaClientSettings kafka = KafkaClientSettings.from(Settings.read(
            SettingsSource.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + link.port())), ProducerSettings.TABLE));

    /** When it falls silent. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Silence {
        AT_ONCE(Link::stall),
        AFTER_THE_CONNECTION(Link::stallReplies),
        BEFORE_THE_VERSIONS(link -> link.holdRequests(API_VERSIONS)),
        BEFORE_THE_METADATA(link -> link.holdRequests(METADATA)),
        AFTER_THE_METADATA(link -> link.holdRepliesTo(METADATA)),
        BEFORE_THE_WORK(link -> link.holdRequests(CREATE_TOPICS, FIND_OFFSETS)),
        AFTER_THE_WORK(link -> link.holdRepliesTo(CREATE_TOPICS, FIND_OFFSETS));

        private final Consumer<Link> begins;

        Silence(Consumer<Link> begins) {
            this.begins = begins;
        }
    }

    @BeforeEach
    void create() throws Exception {
        TopicCreation.createMissing(kafka.admin(), "silent", 1, 1, Map.of());
    }

    @AfterEach
    void heal() {
        stack.heal();
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(30)
    void ends_the_question_whether_a_topic_exists(Silence silence) {
        silence.begins.accept(link);

        assertThatThrownBy(() -> TopicCreation.createMissing(kafka.admin(), "silent_" + silence, 1, 1, Map.of()))
                .isInstanceOf(OutageException.class);
    }

    /** Some moments find the client between two states; it then never ends by itself. */
    @RepeatedTest(3)
    @Timeout(60)
    void ends_the_question_whenever_the_silence_begins() throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(QUESTIONS + 1);
        try {
            List<Future<?>> questions = new ArrayList<>();
            for (int i = 0; i < QUESTIONS; i++) {
                questions.add(threads.schedule(this::ask, 60L * i / QUESTIONS, TimeUnit.MILLISECONDS));
            }
            threads.schedule(link::stall, 30, TimeUnit.MILLISECONDS).get();

            for (Future<?> question : questions) {
                assertThat(question).succeedsWithin(Duration.ofSeconds(20));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Answered or given up, it must end. */
    private Optional<OutageException> ask() throws InterruptedException {
        try {
            TopicCreation.createMissing(kafka.admin(), "silent", 1, 1, Map.of());
            return Optional.empty();
        } catch (OutageException givenUp) {
            return Optional.of(givenUp);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(30)
    void ends_the_look_at_the_tail_of_a_topic(Silence silence) {
        silence.begins.accept(link);

        assertThatThrownBy(() -> TopicTail.read(kafka.consumer(), "silent")).isInstanceOf(OutageException.class);
    }
}
