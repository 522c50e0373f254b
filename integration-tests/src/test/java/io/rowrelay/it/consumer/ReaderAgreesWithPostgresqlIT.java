package io.rowrelay.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.it.hostile.HostileRecord;
import io.rowrelay.it.hostile.HostileRecords;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer's JSON parser and PostgreSQL's read the same: a record that the one lets pass and the other reads differently
 * would be applied to another row, or fail in a way that is no refusal. {@code -Drowrelay.seed=...} repeats the records.
 */
@Timeout(600)
class ReaderAgreesWithPostgresqlIT {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderAgreesWithPostgresqlIT.class);
    private static final String READ = """
            SELECT (j ->> 'action_id')::bigint, j ->> 'action', j ->> 'emp_id',
                   (SELECT count(*) FROM json_object_keys(j) k WHERE k NOT IN ('action_id', 'action', 'changed_at', 'xid'))
            FROM (SELECT convert_from(?, 'UTF8')::json AS j) record""";

    private final JsonRecordReader reader = new JsonRecordReader(Optional.empty());

    @Test
    void what_the_reader_takes_postgresql_reads_the_same_or_refuses() throws Exception {
        long seed = Long.getLong("rowrelay.seed", System.nanoTime());
        int records = Integer.getInteger("rowrelay.hostile", 20_000);
        LOG.info("hostile records={} repeat with -Drowrelay.seed={}", records, seed);
        HostileRecords source = new HostileRecords(seed);
        int taken = 0;
        try (Pipeline pipeline = Pipeline.create();
                PreparedStatement statement = readBy(pipeline.destination())) {
            for (int i = 0; i < records; i++) {
                HostileRecord record = source.next();
                TopicRecord onTopic = new TopicRecord(new Partition("topic", 0), i, record.key(), record.value(), 0);
                if (reader.read(onTopic, List.of("emp_id")) instanceof ValidChange event) {
                    taken++;
                    compare(record, event, statement);
                }
            }
        }
        assertThat(taken).isGreaterThan(records / 10);
    }

    private static PreparedStatement readBy(Connection connection) throws SQLException {
        return connection.prepareStatement(READ);
    }

    private static void compare(HostileRecord record, ValidChange event, PreparedStatement statement)
            throws SQLException {
        statement.setBytes(1, event.json());
        try (ResultSet row = statement.executeQuery()) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).as(record.name()).isEqualTo(event.actionId());
            assertThat(row.getString(2))
                    .as(record.name())
                    .isEqualTo(event.action().name());
            assertThat(row.getString(3)).as(record.name()).isEqualTo(event.key());
            assertThat(row.getInt(4))
                    .as(record.name())
                    .isEqualTo(event.columns().size());
        } catch (SQLException refusal) {
            // Values that it refuses, or a nesting that is deeper than its stack.
            assertThat(SqlFailures.mayBeRejection(refusal)).as(record.name()).isTrue();
        }
    }
}
