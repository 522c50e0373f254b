package io.rowrelay.stream.json;

import io.rowrelay.common.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * The members of a record as they are written: PostgreSQL stores a value of type json as its text, escapes and all, but reads each
 * escape when such a value stands inside another. A record is read this way only where that could matter. It must be known to be one
 * JSON object: of anything else the result is not defined.
 */
public final class RawMembers {
    private final String json;
    private int at;

    private RawMembers(String json) {
        this.json = json;
    }

    /** How a member goes on. */
    public enum As {
        /** Not at all. */
        NOTHING,
        /** As it is. */
        ITSELF,
        /** An object or an array as a string of its text, for a type that has no members. */
        TEXT_IF_NESTED,
        /** As a string of its text, strings with their quotes; null stays null. */
        TEXT
    }

    /** What reads a member. */
    @FunctionalInterface
    private interface Reading {
        /** Takes its name and its value's text; returns whether to go on. */
        boolean member(String name, String text);
    }

    /** The value of a member as it is written, unless it is null or not there. */
    public static Optional<String> text(byte[] json, String wanted) {
        String[] found = new String[1];
        new RawMembers(new String(json, StandardCharsets.UTF_8)).read((name, text) -> {
            if (name.equals(wanted) && !text.equals("null")) {
                found[0] = text;
            }
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }

    /** The record with its members as given for each name. */
    public static byte[] rewritten(byte[] json, Function<String, As> how) {
        StringBuilder rewritten = new StringBuilder(json.length + 16);
        new RawMembers(new String(json, StandardCharsets.UTF_8)).read((name, text) -> {
            As as = how.apply(name);
            if (as != As.NOTHING) {
                boolean asText = (as == As.TEXT && !text.equals("null"))
                        || (as == As.TEXT_IF_NESTED && (text.startsWith("{") || text.startsWith("[")));
                rewritten.append(rewritten.isEmpty() ? '{' : ',');
                rewritten.append(JsonText.quote(name)).append(':');
                if (asText) {
                    quote(text, rewritten);
                } else {
                    rewritten.append(text);
                }
            }
            return true;
        });
        rewritten.append(rewritten.isEmpty() ? "{}" : "}");
        return rewritten.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The text is JSON, so each character below the space is white space. */
    private static void quote(String text, StringBuilder quoted) {
        quoted.append('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '"', '\\' -> quoted.append('\\').append(each);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(each);
            }
        }
        quoted.append('"');
    }

    private void read(Reading reading) {
        toNext();
        at++;
        toNext();
        boolean more = true;
        while (more && at < json.length() && json.charAt(at) == '"') {
            String name = unquoted(value());
            toNext();
            at++;
            toNext();
            more = reading.member(name, value());
            toNext();
            at++;
            toNext();
        }
    }

    private void toNext() {
        while (at < json.length() && isSpace(json.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char each) {
        return each == ' ' || each == '\t' || each == '\n' || each == '\r';
    }

    /** The value that begins here, as it is written. */
    private String value() {
        int begin = at;
        int depth = 0;
        boolean ended = false;
        while (!ended && at < json.length()) {
            char each = json.charAt(at);
            switch (each) {
                case '"' -> toEndOfString();
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            // What follows a scalar is not of it.
            boolean isPast = depth < 0 || (depth == 0 && (each == ',' || each == ':' || isSpace(each)));
            at += isPast ? 0 : 1;
            ended = isPast || (depth == 0 && (each == '"' || each == '}' || each == ']'));
        }
        return json.substring(begin, at);
    }

    /** From the quote at its begin to that at its end. */
    private void toEndOfString() {
        at++;
        while (at < json.length() && json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
    }

    private static String unquoted(String text) {
        String inside = text.substring(1, text.length() - 1);
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringBuilder read = new StringBuilder(inside.length());
        int i = 0;
        while (i < inside.length()) {
            char each = inside.charAt(i++);
            if (each != '\\') {
                read.append(each);
                continue;
            }
            char escaped = inside.charAt(i++);
            switch (escaped) {
                case 'b' -> read.append('\b');
                case 'f' -> read.append('\f');
                case 'n' -> read.append('\n');
                case 'r' -> read.append('\r');
                case 't' -> read.append('\t');
                case 'u' -> {
                    read.append((char) Integer.parseInt(inside.substring(i, i + 4), 16));
                    i += 4;
                }
                default -> read.append(escaped);
            }
        }
        return read.toString();
    }
}
