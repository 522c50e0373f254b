package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.json.RawMembers;
import io.rowrelay.stream.table.BuiltInType;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.KeyPart;
import io.rowrelay.stream.table.ValueOrigin;
import java.util.Optional;

/**
 * A column of a destination table, and the member of a record that has its value.
 *
 * @param column the column
 * @param member the name of the member
 */
public record AppliedColumn(Column column, String member) {
    /** The name as it is, unquoted. */
    public String name() {
        return column.name();
    }

    /** The name in SQL. */
    String quoted() {
        return Identifiers.quote(name());
    }

    /** The type in SQL, with its length or precision. */
    String type() {
        return column.type().declared();
    }

    boolean isJson() {
        return column.type().shape().isJson();
    }

    /** Whether it is GENERATED ALWAYS AS IDENTITY, which an INSERT can give a value and an UPDATE cannot. */
    boolean alwaysIdentity() {
        return column.origin() == ValueOrigin.IDENTITY_ALWAYS;
    }

    /** Whether a change of its value can be written. In the key it never changes: a row with another key is another row. */
    boolean updatable() {
        return !alwaysIdentity() || column.key().isPresent();
    }

    /** The operator of the primary key's index that compares two of its values. */
    String equality() {
        return column.key().map(KeyPart::equal).orElseThrow();
    }

    /**
     * The type without length or precision, where a text cast to it and then written is what the JSON string or number of that text
     * would be.
     */
    Optional<String> plainType() {
        boolean plain = column.type().isEnum()
                || column.type()
                        .builtIn()
                        .filter(type -> type.has(BuiltInType.Trait.PLAIN))
                        .isPresent();
        return plain && !column.type().domain() ? Optional.of(column.type().unmodified()) : Optional.empty();
    }

    /** How the record of a change is written again for this column, so that the server takes any value as its text. */
    RawMembers.As rewritten() {
        return switch (column.type().shape()) {
            case SCALAR -> RawMembers.As.TEXT_IF_NESTED;
            case ARRAY, COMPOSITE -> RawMembers.As.ITSELF;
            case JSON, JSONB -> RawMembers.As.TEXT;
        };
    }
}
