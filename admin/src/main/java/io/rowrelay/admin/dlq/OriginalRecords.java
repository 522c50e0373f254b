package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.PatientTopics;
import io.rowrelay.common.runtime.OutageException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Compares dead letters with the records that they say they are, where the stream's topic still has these. Who may write to the
 * dead-letter topic could otherwise have any change sent to the stream, by the hands of whoever replays. The client is opened on
 * first use. Not thread-safe.
 */
final class OriginalRecords implements ReplayCheck.Originals, AutoCloseable {
    private final AdminSettings settings;
    private final CommandClock clock;
    private final String topic;
    private @Nullable DlqReader reader;

    OriginalRecords(AdminSettings settings, CommandClock clock) {
        this.settings = settings;
        this.clock = clock;
        this.topic = settings.stream().topic();
    }

    @Override
    public Optional<String> difference(DeadLetter letter) throws OutageException, InterruptedException {
        DeadLetter.Origin origin = letter.origin();
        if (origin.partition() < 0 || origin.offset() < 0) {
            return Optional.of("it does not say which record of the topic it is");
        }
        AtomicReference<DeadLetter> original = new AtomicReference<>();
        reader().read(Set.of(new DeadLetterId(origin.partition(), origin.offset())), original::set);
        DeadLetter found = original.get();
        if (found != null) {
            boolean same = Arrays.equals(found.key(), letter.key()) && Arrays.equals(found.value(), letter.value());
            return same ? Optional.empty() : Optional.of("the topic has another record at " + origin);
        }
        long end = new PatientTopics(settings, clock).ends(topic).next().getOrDefault(origin.partition(), 0L);
        return origin.offset() < end ? Optional.empty() : Optional.of("the topic has never had a record at " + origin);
    }

    private DlqReader reader() {
        DlqReader open = reader;
        if (open == null) {
            open = new DlqReader(settings, clock, topic);
            reader = open;
        }
        return open;
    }

    @Override
    public void close() {
        DlqReader open = reader;
        if (open != null) {
            open.close();
        }
    }
}
