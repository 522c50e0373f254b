package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/** Changes of {@code employees}, and their way into the destination as the consumer takes it. */
final class Batches {
    private Batches() {}

    static ValidChange change(long actionId, Action action, int id) {
        String json = "{\"action_id\": " + actionId + ", \"action\": \"" + action + "\", \"emp_id\": " + id + "}";
        TopicRecord record = new TopicRecord("t", 0, 0, utf8(Integer.toString(id)), utf8(json), 0);
        return (ValidChange) new JsonRecordReader(Optional.empty()).read(record, List.of("emp_id"));
    }

    /** Applies them in one transaction. */
    static void apply(Connection consumer, DestinationTable table, List<ValidChange> changes) throws Exception {
        consumer.setAutoCommit(false);
        new BatchApply(
                        consumer,
                        new RowWriter(table, "employees"),
                        "employees",
                        new ProgressTable("employees"),
                        new ServerLimits(),
                        new LongWork(System::nanoTime))
                .run(changes, List.of(), false);
        consumer.setAutoCommit(true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
