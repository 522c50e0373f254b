package io.rowrelay.admin.command;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The dead letters of a stream, counted as its consumer counts them; what it has not read yet is read here. */
public final class DeadLetterCount implements AutoCloseable {
    private static final Duration LONGEST_READ = Duration.ofSeconds(60);
    private static final String DOING = "counting dead letters";

    private final DeadLetterLook topic;
    private final Database destination;
    private final String stream;
    private final String name;

    /** Counts them in the destination, which stays the caller's to close. */
    public DeadLetterCount(AdminSettings settings, Database destination) {
        this.destination = destination;
        this.stream = settings.stream().name();
        this.name = settings.stream().deadLetterTopic();
        this.topic = new DeadLetterLook(
                () -> Topics.admin(Topics.patient(settings.kafka().admin(), settings.timeout())),
                settings.kafka()::consumer,
                name,
                settings.stream().topic());
    }

    /** Counts them once. */
    public static DeadLetterCounts read(AdminSettings settings) throws OutageException, InterruptedException {
        try (Database destination = Database.destination(settings, Database.LOOK);
                DeadLetterCount count = new DeadLetterCount(settings, destination)) {
            return count.read();
        }
    }

    /** Counts them now. */
    public DeadLetterCounts read() throws OutageException, InterruptedException {
        DeadLetterLook.Span span = topic.span();
        Map<Integer, Long> readTo = span.topicId().isEmpty()
                ? Map.of()
                : destination.read(DOING, connection -> new DeadLetterTable(connection, stream).readTo(span.topicId()));
        List<SeenDeadLetters> letters = topic.read(span, readTo, LONGEST_READ);
        boolean unread =
                letters.stream().anyMatch(each -> each.to() < span.ends().getOrDefault(each.partition(), 0L));
        if (unread) {
            throw new OutageException(
                    "topic " + name + " cannot be read in " + LONGEST_READ.toSeconds()
                            + " s; a running consumer counts its dead letters step by step",
                    null);
        }
        return destination.read(
                DOING, connection -> new DeadLetterTable(connection, stream).count(span.topicId(), letters));
    }

    @Override
    public void close() {
        topic.close();
    }
}
