package io.rowrelay.it.stream;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.stream.apply.jdbc.AppliedTable;
import io.rowrelay.stream.apply.jdbc.BatchApply;
import io.rowrelay.stream.apply.jdbc.BatchTransaction;
import io.rowrelay.stream.apply.jdbc.RowWriter;
import io.rowrelay.stream.apply.jdbc.ServerLimits;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of {@code employees}, and their way into the destination as the consumer takes it. */
public final class Batches {
    /** Without the consumer's locks and progress. */
    private static final BatchTransaction COMMITTED = new BatchTransaction() {
        @Override
        public void lock(RoundTrips trips, List<ValidChange> changes) {}

        @Override
        public @Nullable String remember(RoundTrips trips, boolean complete) {
            return null;
        }

        @Override
        public void end(Connection connection) throws SQLException {
            connection.commit();
        }
    };

    private Batches() {}

    /** A change of one employee. */
    public static ValidChange change(long actionId, Action action, int id) {
        String json = "{\"action_id\": " + actionId + ", \"action\": \"" + action + "\", \"emp_id\": " + id + "}";
        TopicRecord record = new TopicRecord(new Partition("t", 0), 0, utf8(Integer.toString(id)), utf8(json), 0);
        return (ValidChange) new JsonRecordReader(Optional.empty()).read(record, List.of("emp_id"));
    }

    /** Applies them in one transaction. */
    static void apply(Connection consumer, AppliedTable table, List<ValidChange> changes) throws Exception {
        consumer.setAutoCommit(false);
        new BatchApply(
                        consumer,
                        new RowWriter(table, "employees"),
                        COMMITTED,
                        new ServerLimits(),
                        new LongWork(System::nanoTime))
                .run(changes);
        consumer.setAutoCommit(true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
