package io.rowrelay.admin.kafka;

import io.rowrelay.admin.catchup.CatchUp;
import io.rowrelay.admin.reanchor.RecentChanges;
import io.rowrelay.admin.resync.DeadLetters;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.kafka.TopicTail;
import io.rowrelay.stream.kafka.Topics;
import io.rowrelay.stream.record.PublishedChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stream's topics, as the commands look at them; a broker that is slow to answer is asked again for as long as the user says. */
public final class AdminTopics {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** A look at a topic. */
    @FunctionalInterface
    public interface Look<T> {
        T now() throws OutageException, InterruptedException;
    }

    private final KafkaClientSettings kafka;
    private final Duration timeout;

    /** {@code timeout} is how long an answer may take. */
    public AdminTopics(KafkaClientSettings kafka, Duration timeout) {
        this.kafka = kafka;
        this.timeout = timeout;
    }

    /** What a topic holds at its ends; nothing when it does not exist. */
    public RecentChanges recentChanges(String topic) {
        return () -> patiently(
                timeout,
                () -> Topics.recordsEver(admin(), topic) == 0
                        ? List.<PublishedChange>of()
                        : TopicTail.read(kafka.consumer(), topic));
    }

    /** The dead letters. */
    public DeadLetters deadLetters(String topic) {
        return () -> patiently(timeout, () -> Topics.recordsEver(admin(), topic));
    }

    /** The stream's topic, as long as it is. */
    public CatchUp.Topic ends(String topic) {
        return () -> patiently(timeout, () -> Topics.ends(admin(), topic));
    }

    /** Deletes those topics that are there. */
    public void delete(List<String> topics) throws OutageException, InterruptedException {
        for (String topic : topics) {
            patiently(timeout, () -> Topics.delete(admin(), topic));
        }
    }

    private Map<String, Object> admin() {
        return Topics.patient(kafka.admin(), timeout);
    }

    /** Looks, again and again until it works or the time is up. */
    public static <T> T patiently(Duration timeout, Look<T> look) throws OutageException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return look.now();
            } catch (OutageException failure) {
                if (System.nanoTime() - deadline >= 0) {
                    throw failure;
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }
}
