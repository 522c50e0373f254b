package io.rowrelay.it.consumer;

import io.rowrelay.stream.record.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that nobody can apply.
 *
 * @param name what is wrong with it
 * @param key the bytes of its key
 * @param value the bytes of its value
 * @param reason why it is refused
 * @param explanation a part of what the dead letter says
 */
@SuppressWarnings("ArrayRecordComponent")
record Garbage(
        String name, byte @Nullable [] key, byte @Nullable [] value, RejectionReason reason, String explanation) {
    Garbage(String name, String key, String value, RejectionReason reason, String explanation) {
        this(name, utf8(key), utf8(value), reason, explanation);
    }

    private static final int BROKER_LIMIT_BYTES = 1_048_588;

    /** What the record itself gives away. */
    static List<Garbage> inTheRecordItself() {
        String k = "7";
        List<Garbage> all = new ArrayList<>();
        for (String text : List.of(
                "",
                " ",
                "not JSON",
                "null",
                "7",
                "\"text\"",
                "[1,2]",
                "[" + row("") + "]",
                row("") + row(""),
                row("") + " x",
                row("").substring(0, 40),
                row(",}"),
                "{'action_id': 7}",
                row(",\"salary\":NaN"),
                row(",\"salary\":01"),
                row(",\"city\":\"line\nbreak\""),
                row(",\"city\":\"\\x\""),
                row(",\"city\":\"a\",\"city\":\"b\""),
                row(",\"emp_id\":7"),
                row(",\"city\":" + "[".repeat(100_000) + "]".repeat(100_000)),
                row(",\"city\":" + "{\"a\":".repeat(100_000)),
                "x".repeat(900_000))) {
            all.add(new Garbage(
                    "not JSON: " + text.substring(0, Math.min(80, text.length())),
                    k,
                    text,
                    RejectionReason.NOT_JSON,
                    ""));
        }
        all.add(new Garbage(
                "a name of 450 kB twice",
                k,
                row((",\"" + "n".repeat(450_000) + "\":1").repeat(2)),
                RejectionReason.NOT_JSON,
                "the name"));
        all.add(new Garbage(
                "invalid UTF-8", utf8(k), bytes(row(",\"city\":\"\u00ff\u00fe\"")), RejectionReason.NOT_JSON, "UTF-8"));
        all.add(new Garbage(
                "overlong UTF-8",
                utf8(k),
                bytes(row(",\"city\":\"\u00c0\u00af\"")),
                RejectionReason.NOT_JSON,
                "UTF-8"));
        all.add(new Garbage(
                "a surrogate in UTF-8",
                utf8(k),
                bytes(row(",\"city\":\"\u00ed\u00a0\u0080\"")),
                RejectionReason.NOT_JSON,
                "UTF-8"));
        all.add(new Garbage(
                "a key that is not UTF-8", new byte[] {(byte) 0xff}, utf8(row("")), RejectionReason.NOT_JSON, "UTF-8"));
        all.add(new Garbage(
                "UTF-16", utf8(k), row("").getBytes(StandardCharsets.UTF_16BE), RejectionReason.NOT_JSON, ""));
        all.add(new Garbage("UTF-8 with a byte order mark", k, "\ufeff" + row(""), RejectionReason.NOT_JSON, ""));
        for (String id : List.of(
                "0", "-1", "1.5", "7.0", "7e0", "\"7\"", "9223372036854775808", "1e400", "true", "null", "{}", "[7]")) {
            String value = "{\"action_id\":" + id + ",\"action\":\"INSERT\",\"emp_id\":7}";
            all.add(new Garbage("action_id " + id, k, value, RejectionReason.ENVELOPE, "action_id must be"));
        }
        all.add(new Garbage(
                "no action_id",
                k,
                "{\"action\":\"INSERT\",\"emp_id\":7}",
                RejectionReason.ENVELOPE,
                "action_id must be"));
        for (String action : List.of("\"UPSERT\"", "\"insert\"", "null", "1", "[\"INSERT\"]", "\"\"")) {
            String value = "{\"action_id\":1,\"action\":" + action + ",\"emp_id\":7}";
            all.add(new Garbage("action " + action, k, value, RejectionReason.ENVELOPE, "action must be"));
        }
        all.add(new Garbage("empty object", k, "{}", RejectionReason.ENVELOPE, ""));
        all.add(new Garbage("Kafka tombstone", utf8(k), null, RejectionReason.ENVELOPE, "no value"));
        all.add(new Garbage("nothing at all", (byte[]) null, null, RejectionReason.ENVELOPE, "no value"));
        all.add(new Garbage("no key on the record", null, utf8(row("")), RejectionReason.KEY, "no key"));
        all.add(new Garbage("another key on the record", "8", row(""), RejectionReason.KEY, "emp_id"));
        all.add(new Garbage("an empty key on the record", "", row(""), RejectionReason.KEY, "emp_id"));
        all.add(new Garbage(
                "no key in the value",
                k,
                "{\"action_id\":1,\"action\":\"INSERT\",\"city\":\"x\"}",
                RejectionReason.KEY,
                "emp_id"));
        all.add(new Garbage(
                "null as key in the value",
                k,
                "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":null}",
                RejectionReason.KEY,
                "emp_id"));
        all.add(new Garbage(
                "an object as key",
                k,
                "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":{\"a\":7}}",
                RejectionReason.KEY,
                "emp_id"));
        for (String key :
                List.of("7.5", "\"7\"", "2147483648", "1e999999999", "true", "1e-999999999", "1e99999999999")) {
            all.add(new Garbage(
                    "key " + key,
                    key.replace("\"", ""),
                    "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":" + key + "}",
                    RejectionReason.SCHEMA,
                    key.contains("99999999") ? "" : "emp_id"));
        }
        for (String member : List.of(
                "\"unknown\":1",
                "\"salary\":-0.01",
                "\"salary\":\"many\"",
                "\"salary\":1e400",
                "\"salary\":1e999999999",
                "\"salary\":" + "9".repeat(5001),
                "\"salary\":true",
                "\"dob\":\"9999-99-99\"",
                "\"dob\":20260101",
                "\"dob\":\"yesterday\"",
                "\"first_name\":" + "\"" + "x".repeat(101) + "\"",
                "\"first_name\":[\"x\"]",
                "\"city\":{}",
                "\"city\":\"" + "y".repeat(900_000) + "\"",
                "\"" + "u".repeat(900_000) + "\":1")) {
            String name = member.substring(1, Math.min(member.indexOf('"', 1), 20));
            all.add(new Garbage(
                    member.substring(0, Math.min(40, member.length())),
                    k,
                    row("," + member),
                    RejectionReason.SCHEMA,
                    name));
        }
        all.add(new Garbage(
                "an exponent beyond 32 bits", k, row(",\"salary\":1e99999999999"), RejectionReason.SCHEMA, ""));
        all.add(new Garbage(
                "more digits than a schema takes",
                k,
                row(",\"salary\":" + "9".repeat(200_000)),
                RejectionReason.SCHEMA,
                "the maximum allowed"));
        all.add(new Garbage(
                "a day that was not", k, row(",\"dob\":\"2021-02-30\""), RejectionReason.DESTINATION, "22008"));
        all.add(new Garbage("U+0000", k, row(",\"city\":\"a\\u0000b\""), RejectionReason.DESTINATION, "22P05"));
        all.add(new Garbage(
                "lone high surrogate", k, row(",\"city\":\"a\\ud83d\""), RejectionReason.DESTINATION, "22"));
        all.add(new Garbage("lone low surrogate", k, row(",\"city\":\"a\\ude00\""), RejectionReason.DESTINATION, "22"));
        byte[] largest = utf8("z".repeat(BROKER_LIMIT_BYTES - 100));
        all.add(new Garbage("as large as the broker takes", utf8(k), largest, RejectionReason.NOT_JSON, ""));
        return all;
    }

    /** What only the types and constraints of the table refuse. */
    static List<Garbage> refusedByTheDestination() {
        List<Garbage> all = new ArrayList<>();
        for (String member : List.of(
                "\"salary\":1e400",
                "\"salary\":1e999999999",
                "\"salary\":1e99999999999",
                "\"salary\":" + "9".repeat(5001),
                "\"salary\":" + "9".repeat(200_000),
                "\"salary\":\"many\"",
                "\"salary\":true",
                "\"salary\":[1]",
                "\"salary\":{\"a\":1}",
                "\"dob\":\"9999-99-99\"",
                "\"dob\":\"2021-02-30\"",
                "\"dob\":true",
                "\"dob\":\"" + "d".repeat(900_000) + "\"",
                "\"first_name\":\"" + "x".repeat(101) + "\"",
                "\"city\":\"a\\u0000b\"",
                "\"city\":\"a\\ud83d\"",
                "\"city\":\"" + "y".repeat(900_000) + "\"")) {
            all.add(new Garbage(
                    member.substring(0, Math.min(40, member.length())),
                    "7",
                    row("," + member),
                    RejectionReason.DESTINATION,
                    "SQLSTATE 22"));
        }
        for (String key : List.of("7.5", "2147483648", "1e9", "x", "true")) {
            String value =
                    "{\"action_id\":1,\"action\":\"DELETE\",\"emp_id\":" + (key.equals("x") ? "\"x\"" : key) + "}";
            all.add(new Garbage("key " + key, key, value, RejectionReason.DESTINATION, "SQLSTATE 22"));
        }
        return all;
    }

    private static String row(String members) {
        return "{\"action_id\":1,\"action\":\"INSERT\",\"emp_id\":7" + members + "}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Each character is a byte. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
