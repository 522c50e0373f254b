package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.common.kafka.KafkaFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The dead-letter topic. Each call opens and closes clients of its own. */
final class DlqTopic {
    private final AdminSettings settings;
    private final CommandClock clock;
    private final PatientTopics topics;
    private final String name;

    DlqTopic(AdminSettings settings, CommandClock clock) {
        this.settings = settings;
        this.clock = clock;
        this.topics = new PatientTopics(settings, clock);
        this.name = settings.stream().deadLetterTopic();
    }

    /** The identity of the topic; empty when there is none. */
    Optional<String> id() throws OutageException, InterruptedException {
        return Optional.of(topics.ends(name).topicId()).filter(id -> !id.isEmpty());
    }

    /** Where the topic begins and ends now. */
    DeadLetterLook.Span span() throws OutageException, InterruptedException {
        try (DeadLetterLook look = new DeadLetterLook(
                () -> Topics.admin(topics.client()),
                settings.kafka()::consumer,
                name,
                settings.stream().topic())) {
            return topics.ask(look::span);
        }
    }

    /** Hands over every dead letter that was written from that time on and is there now, each partition in its order. */
    void read(Instant from, Consumer<DeadLetter> each) throws OutageException, InterruptedException {
        try (DlqReader reader = new DlqReader(settings, clock, name)) {
            reader.readFrom(from, each);
        }
    }

    /** Hands over those of the dead letters that still exist. */
    void read(Collection<DeadLetterId> letters, Consumer<DeadLetter> each)
            throws OutageException, InterruptedException {
        try (DlqReader reader = new DlqReader(settings, clock, name)) {
            reader.read(letters, each);
        }
    }

    /** Removes every dead letter before the offsets, by partition. */
    void removeBefore(Map<Integer, Long> offsets) throws OutageException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> removed = new HashMap<>();
        offsets.forEach((partition, offset) ->
                removed.put(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)));
        try {
            long millis = 2 * settings.timeout().toMillis();
            Topics.ask(
                    topics.client(), admin -> admin.deleteRecords(removed).all().get(millis, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw KafkaFailures.outage("removing records from topic " + name, failure);
        }
    }
}
