package io.rowrelay.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.Partition;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.json.RecordSchemas;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a record that the reader throws at, or takes though it cannot be right. Jazzer bounds the time and the memory
 * of each; inputs that it once found worth keeping lie beside this class.
 */
class RecordReaderFuzzTest {
    private static final JsonRecordReader SHIPPED =
            new JsonRecordReader(Optional.of(RecordSchemas.shipped("employees")));
    private static final JsonRecordReader WITHOUT_SCHEMA = new JsonRecordReader(Optional.empty());

    @FuzzTest
    void reads_any_bytes(byte[] data) {
        int cut = data.length == 0 ? 0 : Math.min(data[0] & 0x3f, data.length - 1);
        byte[] key = Arrays.copyOfRange(data, Math.min(1, data.length), cut + Math.min(1, data.length));
        byte[] value = Arrays.copyOfRange(data, cut + Math.min(1, data.length), data.length);
        TopicRecord record = new TopicRecord(new Partition("topic", 0), 0, key, value, 0);

        check(SHIPPED, record, List.of("emp_id"));
        check(WITHOUT_SCHEMA, record, List.of("emp_id"));
        check(WITHOUT_SCHEMA, record, List.of("emp_id", "city"));
    }

    private static void check(JsonRecordReader reader, TopicRecord record, List<String> keyColumns) {
        if (reader.read(record, keyColumns) instanceof ValidChange event) {
            assertThat(event.actionId()).isPositive();
            assertThat(event.columns()).containsAll(keyColumns).doesNotHaveDuplicates();
        } else {
            assertThat(((Rejected) reader.read(record, keyColumns)).detail()).isNotEmpty();
        }
    }
}
