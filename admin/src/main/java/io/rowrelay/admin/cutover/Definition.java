package io.rowrelay.admin.cutover;

import java.util.List;

/**
 * Something that a table has besides its rows, such as an index.
 *
 * @param kind what it is, in words
 * @param text what it says, the same on both sides where it means the same; a name of its own is no part of it
 * @param statements in SQL, for the destination, that give its table the same
 */
record Definition(String kind, String text, List<String> statements) {
    Definition {
        statements = List.copyOf(statements);
    }

    /** Whether the destination's says the same; a foreign key may be deferrable there, as streams of many tables need it. */
    boolean sameAs(Definition destination) {
        return kind.equals(destination.kind)
                && (text.equals(destination.text) || destination.text.equals(text + " DEFERRABLE"));
    }

    /** Whether it is a foreign key from that table to this one. */
    boolean isForeignKeyOf(String table) {
        return kind.equals("foreign key") && text.startsWith(table + " ");
    }
}
