package io.rowrelay.stream.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.Action;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordReaderTest {
    private final JsonRecordReader reader = new JsonRecordReader(Optional.of(RecordSchemas.shipped("employees")));
    private final JsonRecordReader withoutSchema = new JsonRecordReader(Optional.empty());

    @Test
    void reads_a_change() {
        ValidatedRecord outcome = reader.read(record("42", """
                        {"action_id":17,"action":"UPDATE","changed_at":"2026-11-22T10:11:12.345678+00:00",
                         "emp_id":42,"first_name":"Alice","salary":1000.50}"""), List.of("emp_id"));

        assertThat(outcome).isInstanceOfSatisfying(ValidChange.class, event -> {
            assertThat(event.actionId()).isEqualTo(17);
            assertThat(event.action()).isEqualTo(Action.UPDATE);
            assertThat(event.key()).isEqualTo("42");
            assertThat(event.columns()).containsExactly("emp_id", "first_name", "salary");
            assertThat(event.changedAt()).isEqualTo(Instant.parse("2026-11-22T10:11:12.345678Z"));
        });
    }

    @Test
    void takes_a_composite_key_however_it_is_printed() {
        String value = "{\"action_id\":1,\"action\":\"DELETE\",\"a\":1,\"b\":\"x \\\"y\\\"\"}";

        ValidatedRecord spaced = withoutSchema.read(record("[1, \"x \\\"y\\\"\"]", value), List.of("a", "b"));
        ValidatedRecord tight = withoutSchema.read(record("[1,\"x \\u0022y\\u0022\"]", value), List.of("a", "b"));

        assertThat(spaced).isInstanceOf(ValidChange.class);
        assertThat(tight)
                .isInstanceOfSatisfying(
                        ValidChange.class, event -> assertThat(event.key()).isEqualTo(((ValidChange) spaced).key()));
    }

    @Test
    void keeps_a_number_of_a_key_as_it_is_written() {
        ValidatedRecord outcome =
                withoutSchema.read(record("1.50", "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1.50}"), List.of("n"));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidChange.class, event -> assertThat(event.key()).isEqualTo("1.50"));
    }

    /** What a record is expected to have comes from the one before it. */
    @Test
    void reads_each_record_by_the_names_that_it_has_itself() {
        String usual = "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,\"a\":\"A\",\"b\":2}";
        Map<String, Map<String, String>> cases = Map.of(
                "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,\"b\":\"B\",\"a\":2}",
                        Map.of("n", "1", "a", "2", "b", "B"),
                "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,\"a\":\"A\"}", Map.of("n", "1", "a", "A"),
                "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,\"a\":\"A\",\"b\":2,\"c\":3}",
                        Map.of("n", "1", "a", "A", "b", "2", "c", "3"),
                "{\"a\":\"INSERT\",\"n\":1,\"action\":\"DELETE\",\"action_id\":7,\"b\":\"\"}",
                        Map.of("n", "1", "a", "INSERT", "b", ""));
        cases.forEach((json, expected) -> {
            assertThat(withoutSchema.read(record("1", usual), List.of("n"))).isInstanceOf(ValidChange.class);
            ValidChange read = (ValidChange) withoutSchema.read(record("1", json), List.of("n"));

            Map<String, String> texts = new HashMap<>();
            for (int i = 0; i < read.columns().size(); i++) {
                texts.put(
                        read.columns().get(i),
                        Objects.requireNonNull(read.texts()).get(i));
            }
            assertThat(texts).as(json).isEqualTo(expected);
        });
        assertThat(withoutSchema.read(record("1", usual.replace("\"b\"", "\"a\"")), List.of("n")))
                .isInstanceOfSatisfying(
                        Rejected.class, refusal -> assertThat(refusal.detail()).contains("\"a\" is there twice"));
    }

    /** Where the bytes are wrong, a reader would put this character. */
    @Test
    void takes_a_replacement_character_that_was_written() {
        ValidatedRecord outcome = withoutSchema.read(
                record("\uFFFD", "{\"action_id\":1,\"action\":\"INSERT\",\"n\":\"\uFFFD\"}"), List.of("n"));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidChange.class, event -> assertThat(event.key()).isEqualTo("\uFFFD"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "42",
                "null",
                "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1",
                "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1} x",
                "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1,\"emp_id\":1}",
                "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1,\"salary\":NaN}",
            })
    void refuses_what_is_not_one_json_object(String value) {
        assertRefused(reader.read(record("1", value), List.of("emp_id")), RejectionReason.NOT_JSON);
    }

    @Test
    void refuses_bytes_that_are_not_utf_8() {
        byte[] surrogate = "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1,\"city\":\"xxx\"}"
                .getBytes(StandardCharsets.ISO_8859_1);
        int place = surrogate.length - 5;
        surrogate[place] = (byte) 0xED;
        surrogate[place + 1] = (byte) 0xA0;
        surrogate[place + 2] = (byte) 0x80;

        ValidatedRecord outcome =
                reader.read(record("1".getBytes(StandardCharsets.UTF_8), surrogate), List.of("emp_id"));

        assertRefused(outcome, RejectionReason.NOT_JSON);
    }

    @Test
    void refuses_deep_nesting_without_falling_over() {
        String value = "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1,\"x\":" + "[".repeat(100_000) + "}";

        assertRefused(withoutSchema.read(record("1", value), List.of("emp_id")), RejectionReason.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1.5",
                "\"7\"",
                "4611686018427387905",
                "9223372036854775800",
                "9223372036854775808",
                "1e3",
                "null",
                "[]",
                "true"
            })
    void refuses_an_action_id_that_is_not_a_positive_integer(String actionId) {
        String value = "{\"action_id\":" + actionId + ",\"action\":\"INSERT\",\"emp_id\":1}";

        assertRefused(reader.read(record("1", value), List.of("emp_id")), RejectionReason.ENVELOPE);
    }

    @Test
    void refuses_a_name_that_no_column_can_have() {
        String longest = "n".repeat(63);
        for (String name :
                List.of(longest, "_".repeat(60) + "xid", "_" + "_".repeat(60) + "xid", "\u00e9".repeat(31))) {
            assertThat(withoutSchema.read(record("1", named(name)), List.of("n")))
                    .isInstanceOf(ValidChange.class);
        }
        for (String name : List.of("", longest + "n", "\u00e9".repeat(32), "a\\u0000")) {
            assertRefused(withoutSchema.read(record("1", named(name)), List.of("n")), RejectionReason.ENVELOPE);
        }
    }

    private static String named(String column) {
        return "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,\"" + column + "\":2}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"UPSERT\"", "\"insert\"", "null", "1", "{}"})
    void refuses_an_unknown_action(String action) {
        String value = "{\"action_id\":1,\"action\":" + action + ",\"emp_id\":1}";

        assertRefused(reader.read(record("1", value), List.of("emp_id")), RejectionReason.ENVELOPE);
    }

    @Test
    void refuses_records_without_value_or_key() {
        byte[] bytes = "1".getBytes(StandardCharsets.UTF_8);

        assertRefused(reader.read(record(bytes, null), List.of("emp_id")), RejectionReason.ENVELOPE);
        assertRefused(reader.read(record(null, bytes), List.of("emp_id")), RejectionReason.KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2|\"emp_id\":1", "1|\"city\":\"x\"", "1|\"emp_id\":null", "1|\"emp_id\":[1]", "\"1\"|\"emp_id\":1"
            })
    void refuses_a_key_that_is_not_the_value_s(String key, String member) {
        String value = "{\"action_id\":1,\"action\":\"INSERT\"," + member + "}";

        assertRefused(reader.read(record(key, value), List.of("emp_id")), RejectionReason.KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"salary\":-1",
                "\"salary\":\"much\"",
                "\"salary\":10000000000",
                "\"dob\":\"9999-99-99\"",
                "\"dob\":\"yesterday\"",
                "\"dob\":20010101",
                "\"first_name\":7",
                "\"nickname\":\"Al\"",
            })
    void refuses_what_breaks_the_schema(String member) {
        String value = "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1," + member + "}";

        assertRefused(reader.read(record("1", value), List.of("emp_id")), RejectionReason.SCHEMA);
    }

    @Test
    void refuses_a_text_that_is_too_long_and_says_where() {
        String value = "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1,\"city\":\"" + "x".repeat(900_000) + "\"}";

        ValidatedRecord outcome = reader.read(record("1", value), List.of("emp_id"));

        assertThat(outcome).isInstanceOfSatisfying(Rejected.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(RejectionReason.SCHEMA);
            assertThat(refusal.detail()).contains("city").contains("100").hasSizeLessThan(500);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"dob\":\"infinity\"",
                "\"dob\":\"0044-03-15 BC\"",
                "\"dob\":null",
                "\"salary\":9999999999.99",
                "\"xid\":\"7\""
            })
    void takes_what_postgresql_prints(String member) {
        String value = "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":1," + member + "}";

        assertThat(reader.read(record("1", value), List.of("emp_id"))).isInstanceOf(ValidChange.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e2147483647", "1e-2147483648", "1e99999999999", "-1e99999999999"})
    void refuses_numbers_that_no_library_can_hold_without_falling_over(String number) {
        assertRefused(
                reader.read(
                        record(number, "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":" + number + "}"),
                        List.of("emp_id")),
                RejectionReason.SCHEMA);
        assertRefused(
                withoutSchema.read(
                        record("[" + number + ", 1]", "{\"action_id\":1,\"action\":\"INSERT\",\"a\":1,\"b\":1}"),
                        List.of("a", "b")),
                RejectionReason.KEY);
    }

    @Test
    void takes_a_name_twice_inside_a_column_only() {
        String envelope = "{\"action_id\":1,\"action\":\"INSERT\",\"n\":1,";

        ValidatedRecord inside = withoutSchema.read(record("1", envelope + "\"doc\":{\"a\":1,\"a\":2}}"), List.of("n"));
        ValidatedRecord outside = withoutSchema.read(record("1", envelope + "\"doc\":1,\"doc\":1}"), List.of("n"));

        assertThat(inside).isInstanceOf(ValidChange.class);
        assertRefused(outside, RejectionReason.NOT_JSON);
    }

    private static void assertRefused(ValidatedRecord outcome, RejectionReason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    private static TopicRecord record(String key, String value) {
        return record(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    private static TopicRecord record(byte @Nullable [] key, byte @Nullable [] value) {
        return new TopicRecord(new Partition("topic", 0), 0, key, value, 0);
    }
}
