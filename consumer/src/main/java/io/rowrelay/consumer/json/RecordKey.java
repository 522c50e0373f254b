package io.rowrelay.consumer.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The key of a record: one scalar as text, or a JSON array of scalars for a composite primary key. */
final class RecordKey {
    private RecordKey() {}

    /** Returns the key in the one form that stands for it, or empty when a key column has no scalar value. */
    static Optional<String> of(ParsedRecord record, List<String> keyColumns) {
        List<String> values = new ArrayList<>();
        for (String column : keyColumns) {
            String value = record.text(column);
            if (value == null) {
                return Optional.empty();
            }
            boolean bare = keyColumns.size() == 1 || !record.isString(column);
            values.add(bare ? value : JsonObjects.MAPPER.writeValueAsString(value));
        }
        return Optional.of(keyColumns.size() == 1 ? values.get(0) : values.toString());
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
