package io.rowrelay.stream.table;

import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.stream.record.ColumnNames;
import java.util.Optional;

/**
 * A column of a table.
 *
 * @param number its number in the table: it stays when the column is renamed, and is never given out again
 * @param name unquoted
 * @param sqlName quoted where SQL needs that, for what people read; statements of our own have it {@link #quoted}
 * @param type what it holds
 * @param notNull whether the column itself refuses NULL; its domain may do so, too
 * @param origin where its value comes from when a writer gives none
 * @param expression its default, or what it is generated from, in SQL; empty where there is none, or it was not asked for
 * @param key its part in the primary key
 * @param markedAsFence whether a comment marks it as the consumer's, see {@link FenceColumn}
 */
public record Column(
        int number,
        String name,
        String sqlName,
        ColumnType type,
        boolean notNull,
        ValueOrigin origin,
        String expression,
        Optional<KeyPart> key,
        boolean markedAsFence) {
    /** The name in SQL. */
    public String quoted() {
        return Identifiers.quote(name);
    }

    /** What the column is called in a change table and in records. */
    public String inRecord() {
        return ColumnNames.inRecord(name);
    }

    /** Whether the database computes the value, and no writer can give one. */
    public boolean generated() {
        return origin == ValueOrigin.STORED || origin == ValueOrigin.VIRTUAL;
    }

    /** Whether no value can be NULL. */
    public boolean refusesNull() {
        return notNull || type.refusesNull();
    }
}
