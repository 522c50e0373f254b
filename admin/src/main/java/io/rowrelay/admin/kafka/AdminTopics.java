package io.rowrelay.admin.kafka;

import io.rowrelay.admin.passage.StreamProgress;
import io.rowrelay.admin.reanchor.RecentChanges;
import io.rowrelay.admin.resync.DeadLetters;
import io.rowrelay.common.event.PublishedChange;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.TopicTail;
import io.rowrelay.common.kafka.Topics;
import io.rowrelay.common.runtime.TransientFailureException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The stream's topics, as the commands look at them; a broker that is slow to answer is asked again for half a minute. */
public final class AdminTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** A look at a topic. */
    @FunctionalInterface
    interface Look<T> {
        T now() throws TransientFailureException, InterruptedException;
    }

    private final KafkaClientSettings kafka;

    public AdminTopics(KafkaClientSettings kafka) {
        this.kafka = kafka;
    }

    /** What a topic holds at its ends; nothing when it does not exist. */
    public RecentChanges recentChanges(String topic) {
        return () -> patiently(() -> Topics.recordsEver(kafka.admin(), topic) == 0
                ? List.<PublishedChange>of()
                : TopicTail.read(kafka.consumer(), topic));
    }

    /** The dead letters. */
    public DeadLetters deadLetters(String topic) {
        return () -> patiently(() -> Topics.recordsEver(kafka.admin(), topic));
    }

    /** The stream's topic, as long as it is. */
    public StreamProgress.Topic ends(String topic) {
        return () -> patiently(() -> Topics.ends(kafka.admin(), topic));
    }

    /** Deletes those topics that are there. */
    public void delete(List<String> topics) throws TransientFailureException, InterruptedException {
        for (String topic : topics) {
            patiently(() -> Topics.delete(kafka.admin(), topic));
        }
    }

    static <T> T patiently(Look<T> look) throws TransientFailureException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return look.now();
            } catch (TransientFailureException failure) {
                if (System.nanoTime() - deadline >= 0) {
                    throw failure;
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }
}
