package io.rowrelay.it.stream;

import static io.rowrelay.it.stack.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.it.stack.Databases;
import io.rowrelay.it.stack.Pipeline;
import io.rowrelay.stream.apply.jdbc.ChangeSet;
import io.rowrelay.stream.apply.jdbc.DestinationCatalog;
import io.rowrelay.stream.apply.jdbc.RowWriter;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a record holds: written as arrays it becomes the same row, or is refused for the same reason, as written as JSON. */
@Timeout(180)
class WriteFormsIT {
    private static final List<String> TYPES = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "numeric(5,2)",
            "text",
            "varchar",
            "varchar(4)",
            "char(4)",
            "date",
            "time",
            "time(0)",
            "timetz",
            "timestamp",
            "timestamp(0)",
            "timestamptz",
            "uuid",
            "bytea",
            "mood",
            "interval",
            "json",
            "jsonb",
            "short",
            "int[]",
            "bit(4)");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1.0",
            "1.005",
            "12345.678",
            "1e2",
            "1E400",
            "99999999999",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"abcd  \"",
            "\"abcde\"",
            "\" 7 \"",
            "\"07\"",
            "\"NaN\"",
            "\"-Infinity\"",
            "\"yes\"",
            "\"happy\"",
            "\"2024-02-29\"",
            "\"2023-02-29\"",
            "\"0044-03-15 BC\"",
            "\"23:59:59.6\"",
            "\"2024-02-29T23:59:59.6+05:30\"",
            "\"5\"",
            "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
            "\"\\\\x00ff\"",
            "\"tab\\tquote\\\"back\\\\slash\"",
            "\"NULL\"",
            "\"{1,2}\"",
            "\"1010\"",
            "\"é\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\u0000\"",
            "[1, 2]",
            "{\"a\": 1}");

    private final Pipeline pipeline = Pipeline.create();
    private final JsonRecordReader reader = new JsonRecordReader(Optional.empty());
    private Connection connection;
    private @Nullable RowWriter writer;
    private long actionId;

    @BeforeEach
    void open() throws Exception {
        connection = pipeline.destination();
        execute(
                connection,
                JdbcChangeApplier.SESSION,
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE DOMAIN short AS varchar(4) CHECK (VALUE <> 'a')");
    }

    @AfterEach
    void close() throws Exception {
        pipeline.close();
    }

    @Test
    void arrays_and_json_make_the_same_rows_of_any_value_for_any_type() throws Exception {
        int asArrays = 0;
        for (String type : TYPES) {
            execute(connection, "DROP TABLE IF EXISTS t", "CREATE TABLE t (id int PRIMARY KEY, v " + type + ")");
            execute(connection, "SELECT cdc_destination('t')");
            writer = new RowWriter(DestinationCatalog.read(connection, "t", "t"), "t");
            for (String value : VALUES) {
                ValidChange event = event(value);
                ChangeSet changeSet = writer.changeSets(List.of(event)).get(0);
                if (changeSet.statement().arrays().isPresent() && event.texts() != null) {
                    asArrays++;
                }

                assertThat(outcome(() -> write(changeSet)))
                        .as(value + " for " + type)
                        .isEqualTo(outcome(() -> changeSet.writeJson(connection, "t")));
            }
        }
        assertThat(asArrays).isGreaterThan(700);
    }

    @Test
    void columns_in_any_order_go_where_they_belong() throws Exception {
        execute(connection, "CREATE TABLE t (id int PRIMARY KEY, a int, b text)", "SELECT cdc_destination('t')");
        writer = new RowWriter(DestinationCatalog.read(connection, "t", "t"), "t");
        List<ValidChange> events = new ArrayList<>();
        events.add(read("1", "{\"action_id\": 1, \"action\": \"INSERT\", \"id\": 1, \"a\": 10, \"b\": \"x\"}"));
        events.add(read("2", "{\"b\": \"y\", \"action_id\": 2, \"a\": 20, \"action\": \"INSERT\", \"id\": 2}"));

        assertThat(writer.changeSets(events)).hasSize(1);
        RoundTrips trips = new RoundTrips(connection);
        AtomicInteger effective = new AtomicInteger();
        writer.write(trips, events, effective::addAndGet);
        trips.send();
        assertThat(effective).hasValue(2);
        assertThat(Databases.query(connection, "SELECT concat_ws('|', id, a, b, action_id) FROM t ORDER BY id"))
                .containsExactly("1|10|x|1", "2|20|y|2");
    }

    private int write(ChangeSet changeSet) throws Exception {
        RoundTrips trips = new RoundTrips(connection);
        AtomicInteger effective = new AtomicInteger();
        changeSet.write(trips, "t", List.of(), effective::addAndGet);
        trips.send();
        return effective.get();
    }

    private ValidChange event(String value) {
        actionId++;
        return read("1", "{\"action_id\": " + actionId + ", \"action\": \"INSERT\", \"id\": 1, \"v\": " + value + "}");
    }

    private ValidChange read(String key, String json) {
        TopicRecord record = new TopicRecord(
                new Partition("t", 0),
                0,
                key.getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8),
                0);
        return (ValidChange) reader.read(record, List.of("id"));
    }

    /** A write in a form. */
    @FunctionalInterface
    private interface Write {
        int run() throws Exception;
    }

    /** The value that it left, or the SQLSTATE of its refusal; the table is empty again afterwards. */
    private String outcome(Write write) throws Exception {
        connection.setAutoCommit(false);
        try {
            write.run();
            return String.valueOf(Databases.query(connection, "SELECT coalesce(v::text, 'NULL') FROM t"));
        } catch (SQLException refusal) {
            return String.valueOf(refusal.getSQLState());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
