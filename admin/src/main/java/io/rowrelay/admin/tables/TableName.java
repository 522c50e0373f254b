package io.rowrelay.admin.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name as PostgreSQL reads it: what is not in double quotes is in lower case.
 *
 * @param parts schema and table, or the table alone, without quotes
 */
record TableName(List<String> parts) {
    private static final Pattern PART = Pattern.compile("\\s*(?:\"((?:[^\"]|\"\")*)\"|([^\".]+?))\\s*(\\.|$)");

    TableName {
        parts = List.copyOf(parts);
    }

    /** Reads it; one that is no name has no parts. */
    static TableName parse(String text) {
        List<String> parts = new ArrayList<>();
        Matcher part = PART.matcher(text);
        while (part.lookingAt()) {
            parts.add(
                    part.group(1) != null
                            ? part.group(1).replace("\"\"", "\"")
                            : part.group(2).toLowerCase(Locale.ROOT));
            if (part.end() == text.length()) {
                return new TableName(part.group(3).isEmpty() ? parts : List.of());
            }
            part.region(part.end(), text.length());
        }
        return new TableName(List.of());
    }

    /** Whether it names that table, which is written with its schema. */
    boolean names(TableName whole) {
        int missing = whole.parts.size() - parts.size();
        return !parts.isEmpty()
                && missing >= 0
                && whole.parts.subList(missing, whole.parts.size()).equals(parts);
    }

    /** The parts, for a comparison of spellings. */
    String plain() {
        return String.join(".", parts);
    }

    /** The table without its schema. */
    String table() {
        return parts.isEmpty() ? "" : parts.get(parts.size() - 1);
    }
}
