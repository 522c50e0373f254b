package io.rowrelay.admin.kafka;

import io.rowrelay.admin.reanchor.RecentChanges;
import io.rowrelay.admin.resync.DeadLetters;
import io.rowrelay.common.event.PublishedChange;
import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.kafka.TopicTail;
import io.rowrelay.common.kafka.Topics;
import java.util.List;

/** The stream's topics, as the commands look at them. */
public final class AdminTopics {
    private final KafkaClientSettings kafka;

    public AdminTopics(KafkaClientSettings kafka) {
        this.kafka = kafka;
    }

    /** What a topic holds at its ends; nothing when it does not exist. */
    public RecentChanges recentChanges(String topic) {
        return () -> Topics.recordsEver(kafka.admin(), topic) == 0
                ? List.<PublishedChange>of()
                : TopicTail.read(kafka.consumer(), topic);
    }

    /** The dead letters. */
    public DeadLetters deadLetters(String topic) {
        return () -> Topics.recordsEver(kafka.admin(), topic);
    }
}
