package io.rowrelay.admin;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.look.Views.View;
import io.rowrelay.admin.look.jdbc.KnownLetters;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.DeadLetterLook;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenLetters;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The dead letters of a stream, counted as its consumer counts them; what it has not read yet is read here. */
public final class LettersView implements View<DeadLetterCounts>, AutoCloseable {
    private static final Duration LONGEST_READ = Duration.ofSeconds(60);

    private final DeadLetterLook topic;
    private final KnownLetters known;
    private final String name;

    LettersView(AdminSettings settings, Database destination) {
        this.name = settings.stream().deadLetterTopic();
        this.topic = new DeadLetterLook(
                () -> Topics.admin(Topics.patient(settings.kafka().admin(), settings.timeout())),
                settings.kafka()::consumer,
                name,
                settings.stream().topic());
        this.known = new KnownLetters(destination, settings.stream().name());
    }

    /** Counts them once. */
    public static DeadLetterCounts count(AdminSettings settings) throws OutageException, InterruptedException {
        try (Database destination = Database.destination(settings, Database.LOOK);
                LettersView letters = new LettersView(settings, destination)) {
            return letters.look();
        }
    }

    @Override
    public DeadLetterCounts look() throws OutageException, InterruptedException {
        DeadLetterLook.Span span = topic.span();
        Map<Integer, Long> readTo = span.topicId().isEmpty() ? Map.of() : known.readTo(span.topicId());
        List<SeenLetters> letters = topic.read(span, readTo, LONGEST_READ);
        boolean unread =
                letters.stream().anyMatch(each -> each.to() < span.ends().getOrDefault(each.partition(), 0L));
        if (unread) {
            throw new OutageException(
                    "topic " + name + " cannot be read in " + LONGEST_READ.toSeconds()
                            + " s; a running consumer counts its letters bit by bit",
                    null);
        }
        return known.count(span.topicId(), letters);
    }

    @Override
    public void close() {
        topic.close();
    }
}
