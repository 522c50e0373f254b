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

    /** Whether both say the same. */
    boolean sameAs(Definition other) {
        return kind.equals(other.kind) && text.equals(other.text);
    }
}
