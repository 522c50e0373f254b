package io.rowrelay.it.hostile;

import static io.rowrelay.it.hostile.HostileRecord.invalid;
import static io.rowrelay.it.hostile.HostileRecord.perhaps;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes hostile records for the table employees; the same seed makes the same ones. Their keys are below 1,000,000. */
public final class HostileRecords {
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1e3",
            "1E+2",
            "0.000",
            "1e400",
            "-1e-400",
            "1e16383",
            "1e131072",
            "1e1000000",
            "1e100000000",
            "1e2147483647",
            "1e-2147483648",
            "1e99999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "2147483648",
            "01",
            "+1",
            ".5",
            "5.",
            "0x10",
            "NaN",
            "Infinity",
            "--1",
            "1_000");
    private static final List<String> TIMES = List.of(
            "\"+999999999-12-31T23:59:59.999999999-18:00\"",
            "\"-999999999-01-01T00:00+18:00\"",
            "\"infinity\"",
            "\"294276-12-31T23:59:59Z\"",
            "\"2026-11-22T10:11:12+99:99\"",
            "\"\"",
            "null",
            "7",
            "[]");
    private static final List<String> DATES = List.of(
            "\"0000-01-01\"",
            "\"9999999-12-31\"",
            "\"5874898-01-01\"",
            "\"4714-11-23 BC\"",
            "\"infinity\"",
            "\"-infinity\"",
            "\"2021-02-29\"",
            "\"now\"",
            "\"epoch\"");
    private static final List<String> VALUES =
            List.of("null", "true", "false", "\"\"", "[]", "{}", "[null]", "{\"a\":{}}", "7", "-7.25", "\"\\u0041\"");
    private static final List<String> COLUMNS =
            List.of("emp_id", "first_name", "last_name", "dob", "city", "salary", "action", "action_id", "xid");
    private static final int LONG = 20_000;

    private final Random random;
    private int ownKey = 1000;

    /** Begins at the seed. */
    public HostileRecords(long seed) {
        this.random = new Random(seed);
    }

    /** A record that is valid and means no harm. */
    public static String valid(long actionId, int key) {
        return "{\"action_id\":" + actionId
                + ",\"action\":\"UPDATE\",\"changed_at\":\"2026-11-22T10:11:12.345678+00:00\","
                + "\"emp_id\":" + key + ",\"first_name\":\"Ann\",\"last_name\":\"Lee\",\"dob\":\"1990-01-02\","
                + "\"city\":\"Oslo\",\"salary\":1234.50}";
    }

    /** The next one. */
    public HostileRecord next() {
        String key = "" + (1 + random.nextInt(900));
        return switch (random.nextInt(6)) {
            case 0 -> brokenBytes(key);
            case 1 -> brokenJson(key);
            case 2 -> brokenText("" + ownKey++);
            case 3 -> oddValue(key);
            case 4 -> wrongKey(key);
            default -> oddShape(key);
        };
    }

    private HostileRecord brokenBytes(String key) {
        byte[] bytes = HostileRecord.utf8(row(key, ",\"city\":\"Trondheim\""));
        switch (random.nextInt(3)) {
            case 0 -> {
                int flips = 1 + random.nextInt(4);
                for (int i = 0; i < flips; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                return new HostileRecord("mutated bytes", HostileRecord.utf8(key), bytes, false);
            }
            case 1 -> {
                byte[][] sequences = {
                    {(byte) 0xff}, {(byte) 0xc0, (byte) 0xaf}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xe2}
                };
                byte[] sequence = sequences[random.nextInt(sequences.length)];
                System.arraycopy(sequence, 0, bytes, bytes.length - 6, sequence.length);
                return new HostileRecord("invalid UTF-8", HostileRecord.utf8(key), bytes, true);
            }
            default -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return new HostileRecord("noise", HostileRecord.utf8(key), noise, true);
            }
        }
    }

    private HostileRecord brokenJson(String key) {
        String row = row(key, "");
        return switch (random.nextInt(5)) {
            case 0 -> invalid("cut off", key, row.substring(0, random.nextInt(row.length())));
            case 1 -> invalid("twice", key, row + row);
            case 2 -> invalid("byte order mark", key, "\ufeff" + row);
            case 3 -> invalid("a name twice", key, row(key, "," + member() + ",\"city\":1,\"city\":2"));
            default -> {
                int depth = 1 << random.nextInt(16);
                yield perhaps(
                        "nested " + depth,
                        key,
                        row(key, ",\"city\":" + "[".repeat(depth) + "]".repeat(random.nextBoolean() ? depth : 3)));
            }
        };
    }

    /** Only the destination finds most of these, and it looks at the newest of a key: so each has a key of its own. */
    private HostileRecord brokenText(String key) {
        return switch (random.nextInt(5)) {
            case 0 -> invalid("U+0000", key, row(key, ",\"city\":\"a\\u0000b\""));
            case 1 -> invalid("a NUL byte", key, row(key, ",\"city\":\"a\0b\""));
            case 2 -> invalid("a lone surrogate", key, row(key, ",\"city\":\"a\\ud83d" + letters(3) + "\""));
            case 3 -> invalid("a lone low surrogate", key, row(key, ",\"last_name\":\"\\ude00\""));
            default -> invalid("a long text", key, row(key, ",\"city\":\"" + letters(101 + size()) + "\""));
        };
    }

    private HostileRecord oddValue(String key) {
        return switch (random.nextInt(6)) {
            case 0 -> perhaps("odd number", key, row(key, ",\"salary\":" + any(NUMBERS)));
            case 1 -> perhaps("odd action_id", key, withActionId(any(NUMBERS), key));
            case 2 -> perhaps("odd time", key, row(key, ",\"changed_at\":" + any(TIMES)));
            case 3 -> perhaps("odd date", key, row(key, ",\"dob\":" + any(DATES)));
            case 4 -> longNumber("" + ownKey++);
            default -> perhaps("odd type", key, row(key, "," + member()));
        };
    }

    private HostileRecord longNumber(String key) {
        return invalid("a long number", key, row(key, ",\"salary\":" + "9".repeat(13 + size())));
    }

    private HostileRecord wrongKey(String key) {
        byte[] row = HostileRecord.utf8(row(key, ""));
        byte[] right = HostileRecord.utf8(key);
        return switch (random.nextInt(7)) {
            case 0 -> new HostileRecord("no key", null, row, true);
            case 1 -> new HostileRecord("no value", right, null, true);
            case 2 -> new HostileRecord("nothing", null, null, true);
            case 3 -> new HostileRecord("empty key", new byte[0], row, true);
            case 4 -> new HostileRecord("empty value", right, new byte[0], true);
            case 5 -> new HostileRecord("another key", HostileRecord.utf8(key + "0"), row, true);
            default -> {
                String odd = any(NUMBERS);
                yield perhaps("odd key", odd, "{\"action_id\":5,\"action\":\"DELETE\",\"emp_id\":" + odd + "}");
            }
        };
    }

    private HostileRecord oddShape(String key) {
        return switch (random.nextInt(4)) {
            case 0 -> invalid("unknown column", key, row(key, ",\"" + letters(1 + random.nextInt(70)) + "X\":1"));
            case 1 -> invalid("nameless column", key, row(key, ",\"\":1"));
            case 2 -> invalid("a column of U+0000", key, row(key, ",\"\\u0000\":1"));
            default -> {
                List<String> members = new ArrayList<>(List.of(
                        "\"action_id\":" + (1 + random.nextInt(1000)), "\"action\":\"INSERT\"", "\"emp_id\":" + key));
                List<String> more = List.of("\"first_name\":null", "\"dob\":null", "\"city\":\"x\"", "\"salary\":1");
                more.stream().filter(member -> random.nextBoolean()).forEach(members::add);
                Collections.shuffle(members, random);
                yield perhaps("odd order", key, "{" + String.join(",", members) + "}");
            }
        };
    }

    private String row(String key, String members) {
        return "{\"action_id\":" + (1 + random.nextInt(1000)) + ",\"action\":\"INSERT\",\"emp_id\":" + key + members
                + "}";
    }

    private static String withActionId(String actionId, String key) {
        return "{\"action_id\":" + actionId + ",\"action\":\"UPDATE\",\"emp_id\":" + key + "}";
    }

    private String member() {
        return "\"" + any(COLUMNS.subList(1, 6)) + "\":" + any(VALUES);
    }

    /** Mostly small, now and then as large as a record can be. */
    private int size() {
        return random.nextInt(300) == 0 ? 900_000 : random.nextInt(random.nextInt(LONG) + 1);
    }

    private String letters(int count) {
        byte[] letters = new byte[count];
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        return new String(letters, StandardCharsets.US_ASCII);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
