package io.rowrelay.sandbox;

import io.rowrelay.sandbox.daemon.SandboxException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the daemons are behind, found out without asking them.
 *
 * @param unpublished changes in the source that are not in the topic
 * @param unapplied records in the topic that the consumer has not finished with
 */
record Backlog(long unpublished, long unapplied) {
    private static final String CONSUMER_GROUP = "rowrelay-employees";
    private static final String UNPUBLISHED = """
            SELECT count(*)
              FROM emp_cdc, cdc_offset
             WHERE stream = 'employees'
               AND NOT pg_visible_in_snapshot(xid, snapshot)
            """;

    static Backlog measure(Databases databases, String bootstrapServers) throws SQLException {
        return new Backlog(databases.sourceNumber(UNPUBLISHED), unapplied(bootstrapServers));
    }

    private static long unapplied(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(CONSUMER_GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            var ends = admin.listOffsets(committed.keySet().stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())));
            long records = 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
                long end = ends.partitionResult(entry.getKey()).get().offset();
                records += end - entry.getValue().offset();
            }
            return records;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not tell the consumer's position", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while asking Kafka for the consumer's position");
        }
    }
}
