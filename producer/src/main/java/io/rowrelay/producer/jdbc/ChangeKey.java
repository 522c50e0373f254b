package io.rowrelay.producer.jdbc;

import io.rowrelay.stream.table.CapturedColumn;
import io.rowrelay.stream.table.CapturedColumn.Form;
import io.rowrelay.stream.table.CapturedColumn.Text;
import java.util.List;
import java.util.stream.Collectors;

/** The key of a record, as PostgreSQL computes it: one column's text, or a JSON array of several. */
final class ChangeKey {
    private ChangeKey() {}

    /** An expression of type text, of the row that {@code alias} stands for; null for a table without a key. */
    static String text(List<CapturedColumn> key, String alias) {
        if (key.isEmpty()) {
            return "NULL::text";
        }
        if (key.size() == 1) {
            CapturedColumn only = key.get(0);
            String value = only.value(alias);
            // A string of a jsonb keeps its quotes: the string "5" and the number 5 are two keys.
            return only.text() != Text.OTHER || only.form() == Form.TEXT
                    ? "(" + value + ")::text"
                    : "to_json(" + value + ") #>> '{}'";
        }
        return key.stream()
                .map(column -> column.value(alias))
                .collect(Collectors.joining(", ", "json_build_array(", ")::text"));
    }
}
