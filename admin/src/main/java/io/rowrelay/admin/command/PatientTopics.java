package io.rowrelay.admin.command;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.kafka.CutTail;
import io.rowrelay.stream.kafka.TopicEnds;
import io.rowrelay.stream.kafka.TopicTail;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.record.PublishedChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The topics of a stream, for commands that somebody waits for: they ask a broker that is slow to answer again until the time
 * is up.
 */
public final class PatientTopics {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final AdminSettings settings;
    private final CommandClock clock;

    public PatientTopics(AdminSettings settings, CommandClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** A look at a topic. */
    @FunctionalInterface
    public interface Look<T> {
        T now() throws OutageException, InterruptedException;
    }

    /** Returns what the stream's topic holds at its ends; nothing when it does not exist. */
    public List<PublishedChange> recentChanges() throws OutageException, InterruptedException {
        String topic = settings.stream().topic();
        return ask(() -> Topics.recordsEver(client(), topic) == 0
                ? List.of()
                : TopicTail.read(settings.kafka().consumer(), topic));
    }

    /** Returns how many records the dead-letter topic has ever got. */
    public long deadLettersEver() throws OutageException, InterruptedException {
        return ends(settings.stream().deadLetterTopic()).recordsEver();
    }

    /** Returns where the stream's topic ends now. */
    public TopicEnds ends() throws OutageException, InterruptedException {
        return ends(settings.stream().topic());
    }

    /** Returns where a topic ends now. */
    public TopicEnds ends(String topic) throws OutageException, InterruptedException {
        return ask(() -> Topics.ends(client(), topic));
    }

    /** Returns where topics end now. */
    public Map<String, TopicEnds> ends(List<String> topics) throws OutageException, InterruptedException {
        return ask(() -> Topics.ends(client(), topics));
    }

    /** Returns the newest cut of the stream; nothing when there is none. */
    public Optional<Cut> newestCut() throws OutageException, InterruptedException {
        String topic = settings.stream().name() + CutRecord.TOPIC_SUFFIX;
        List<Cut> cuts = ask(() -> CutTail.read(settings.kafka().consumer(), topic));
        return cuts.isEmpty() ? Optional.empty() : Optional.of(cuts.get(cuts.size() - 1));
    }

    /** Deletes those topics that are there. */
    public void delete(List<String> topics) throws OutageException, InterruptedException {
        for (String topic : topics) {
            ask(() -> Topics.delete(client(), topic));
        }
    }

    /** The properties of an admin client. */
    public Map<String, Object> client() {
        return Topics.patient(settings.kafka().admin(), settings.timeout());
    }

    /** Tries until it works or the time is up. */
    public <T> T ask(Look<T> look) throws OutageException, InterruptedException {
        Duration begun = clock.now();
        while (true) {
            try {
                return look.now();
            } catch (OutageException failure) {
                if (clock.since(begun).compareTo(settings.timeout()) >= 0) {
                    throw failure;
                }
                clock.sleep(PAUSE);
            }
        }
    }
}
