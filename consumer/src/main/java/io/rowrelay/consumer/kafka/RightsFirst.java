package io.rowrelay.consumer.kafka;

import io.rowrelay.common.kafka.KafkaClientSettings;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Task;
import io.rowrelay.stream.kafka.TopicRights;

/** A task that begins only when the brokers allow what it will do: a missing right would be noticed at the first dead letter. */
public final class RightsFirst implements Task {
    private final TopicRights rights;
    private final KafkaClientSettings kafka;
    private final Task task;
    private boolean granted;

    public RightsFirst(TopicRights rights, KafkaClientSettings kafka, Task task) {
        this.rights = rights;
        this.kafka = kafka;
        this.task = task;
    }

    @Override
    public int step() throws OutageException, InterruptedException {
        if (!granted) {
            rights.require(kafka.admin());
            granted = true;
        }
        return task.step();
    }
}
