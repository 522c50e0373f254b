package io.rowrelay.stream.json;

import io.rowrelay.stream.record.ColumnNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The key of a record: one value as text, or a JSON array of the values of a composite primary key. An object or an array, of a key of
 * type jsonb, is the text that it is written as.
 */
final class RecordKey {
    private RecordKey() {}

    /** Returns the key in the one form that stands for it, or empty when a key column has no value. */
    static Optional<String> of(ParsedRecord record, byte[] json, List<String> keyColumns) {
        List<String> values = new ArrayList<>();
        for (String column : keyColumns) {
            String member = ColumnNames.inRecord(column);
            String value = record.text(member);
            if (value == null) {
                Optional<String> nested = record.flat() ? Optional.empty() : RawMembers.text(json, member);
                if (nested.isEmpty()) {
                    return Optional.empty();
                }
                values.add(nested.get());
            } else {
                boolean bare = keyColumns.size() == 1 || !record.isString(member);
                values.add(bare ? value : JsonObjects.MAPPER.writeValueAsString(value));
            }
        }
        return Optional.of(keyColumns.size() == 1 ? values.get(0) : values.toString());
    }

    /**
     * The string of a single key column with its quotes, where the record has that for its key: so it is with a key of type jsonb, in
     * which the string "5" and the number 5 are two keys.
     */
    static Optional<String> quoted(String onRecord, byte[] json, List<String> keyColumns) {
        return keyColumns.size() == 1 && onRecord.startsWith("\"")
                ? RawMembers.text(json, ColumnNames.inRecord(keyColumns.get(0))).filter(onRecord::equals)
                : Optional.empty();
    }

    /** Whether the text on the record is the key, whatever white space a composite one is printed with. */
    static boolean matches(String onRecord, String key, List<String> keyColumns) {
        return onRecord.equals(key)
                || (keyColumns.size() > 1 && compact(onRecord).equals(compact(key)));
    }

    /** Compares what was parsed: the same string can be escaped in several ways. */
    private static Optional<JsonNode> compact(String array) {
        try {
            return Optional.of(JsonObjects.MAPPER.readTree(array));
        } catch (JacksonException | NumberFormatException notComparable) {
            return Optional.empty();
        }
    }
}
