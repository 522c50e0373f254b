package io.rowrelay.admin.tables;

import java.util.List;

/**
 * A value of the primary key.
 *
 * @param values each column's text form, in key order
 */
public record RowKey(List<String> values) {
    public RowKey {
        values = List.copyOf(values);
    }
}
