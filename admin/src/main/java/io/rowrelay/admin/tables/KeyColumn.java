package io.rowrelay.admin.tables;

import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.KeyPart;

/**
 * A column of a primary key.
 *
 * @param name quoted
 * @param type without length or precision, so that a cast alters no value
 * @param part its operators
 */
public record KeyColumn(String name, String type, KeyPart part) {
    static KeyColumn of(Column column) {
        return new KeyColumn(
                column.quoted(), column.type().unmodified(), column.key().orElseThrow());
    }

    /** The same where it has another name, quoted. */
    KeyColumn renamed(String other) {
        return new KeyColumn(other, type, part);
    }
}
