package io.rowrelay.common.jdbc;

/** Identifiers in SQL text. */
public final class Identifiers {
    private Identifiers() {}

    /** Quotes a name so that PostgreSQL reads it as that very identifier, whatever characters it has. */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier of PostgreSQL: '" + name + "'");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The name that {@link #quote} has quoted. */
    public static String unquote(String quoted) {
        return quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"");
    }

    /** A text as a literal of SQL. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
