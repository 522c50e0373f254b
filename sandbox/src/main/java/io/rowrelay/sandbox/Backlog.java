package io.rowrelay.sandbox;

import io.rowrelay.sandbox.daemon.SandboxException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the daemons are behind, found out without asking them.
 *
 * @param unpublished changes in the source that are not in the topic
 * @param unapplied records in the topic that the destination has not finished with
 */
record Backlog(long unpublished, long unapplied) {
    /** The checkpoint follows what is published a moment later. */
    private static final Duration CHECKPOINT_PATIENCE = Duration.ofSeconds(2);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);
    private static final String TOPIC = "bf_employee_cdc";
    private static final String UNPUBLISHED = """
            SELECT count(*)
              FROM emp_cdc, cdc_offset
             WHERE stream = 'employees'
               AND NOT pg_visible_in_snapshot(xid, snapshot)
            """;
    /** Not the offsets of the consumer's group: they follow later, and only so that Kafka's tools show something. */
    private static final String FINISHED =
            "SELECT coalesce(sum(next_offset), 0) FROM cdc_progress WHERE stream = 'employees'";

    static Backlog measure(Databases databases, String bootstrapServers) throws SQLException {
        long deadlineAt = System.nanoTime() + CHECKPOINT_PATIENCE.toNanos();
        long unpublished = databases.sourceNumber(UNPUBLISHED);
        while (unpublished > 0 && System.nanoTime() - deadlineAt < 0) {
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
            unpublished = databases.sourceNumber(UNPUBLISHED);
        }
        long finished = databases.destinationNumber(FINISHED);
        return new Backlog(unpublished, Math.max(0, published(bootstrapServers) - finished));
    }

    private static long published(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            TopicDescription topic = Objects.requireNonNull(
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC));
            return admin
                    .listOffsets(topic.partitions().stream()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(TOPIC, partition.partition()),
                                    partition -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not tell where topic " + TOPIC + " ends", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while asking Kafka where topic " + TOPIC + " ends");
        }
    }
}
