package io.rowrelay.admin.tables;

import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.KeyPart;

/**
 * A column of a primary key.
 *
 * @param name quoted
 * @param type of its values
 * @param part its operators
 */
public record KeyColumn(String name, ColumnType type, KeyPart part) {
    static KeyColumn of(Column column) {
        return new KeyColumn(column.quoted(), column.type(), column.key().orElseThrow());
    }

    /** The same where it has another name, quoted. */
    KeyColumn renamed(String other) {
        return new KeyColumn(other, type, part);
    }
}
