package io.rowrelay.producer.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints a row as PostgreSQL's row_to_json does, to the byte: no white space, and in strings an escape for the quote, the
 * backslash and what is below the space. All texts are UTF-8. Safe for any thread.
 */
final class JsonPrinter {
    private static final byte[] NULL = ascii("null");
    private static final byte[] HEXADECIMAL = ascii("0123456789abcdef");

    /** What a text is in JSON. */
    enum Form {
        /** The same, in quotes where it is none of JSON's numbers and booleans: NaN, Infinity. */
        BARE,
        /** A string. */
        STRING,
        /** JSON already. */
        PRINTED
    }

    /** A member of the object. */
    record Field(String name, Form form) {}

    private final List<Form> forms;
    private final byte[][] names;

    JsonPrinter(List<Field> fields) {
        this.forms = fields.stream().map(Field::form).toList();
        this.names = new byte[fields.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = named(i == 0 ? '{' : ',', fields.get(i).name());
        }
    }

    private static byte[] named(char before, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer named = ByteBuffer.allocate(quotedLength(text) + 2);
        named.put((byte) before);
        putQuoted(named, text);
        named.put((byte) ':');
        return named.array();
    }

    /** How many texts a row has. */
    int fields() {
        return names.length;
    }

    byte[] print(byte[] @Nullable [] texts) {
        int length = 1;
        for (int i = 0; i < names.length; i++) {
            byte[] text = texts[i];
            length += names[i].length
                    + (text == null ? NULL.length : isQuoted(i, text) ? quotedLength(text) : text.length);
        }
        ByteBuffer json = ByteBuffer.allocate(length);
        for (int i = 0; i < names.length; i++) {
            byte[] text = texts[i];
            json.put(names[i]);
            if (text != null && isQuoted(i, text)) {
                putQuoted(json, text);
            } else {
                json.put(text == null ? NULL : text);
            }
        }
        return json.put((byte) '}').array();
    }

    private boolean isQuoted(int field, byte[] text) {
        return switch (forms.get(field)) {
            case BARE -> isNoNumber(text[0]) || (text[0] == '-' && isNoNumber(text[1]));
            case STRING -> true;
            case PRINTED -> false;
        };
    }

    private static boolean isNoNumber(byte first) {
        return first == 'N' || first == 'I';
    }

    private static int quotedLength(byte[] text) {
        int length = text.length + 2;
        for (byte each : text) {
            if (isEscaped(each)) {
                length += shortEscape(each) == 0 ? 5 : 1;
            }
        }
        return length;
    }

    private static void putQuoted(ByteBuffer json, byte[] text) {
        json.put((byte) '"');
        int copied = 0;
        for (int i = 0; i < text.length; i++) {
            if (isEscaped(text[i])) {
                json.put(text, copied, i - copied);
                putEscape(json, text[i]);
                copied = i + 1;
            }
        }
        json.put(text, copied, text.length - copied).put((byte) '"');
    }

    /** The bytes of all other characters are negative. */
    private static boolean isEscaped(byte each) {
        return each >= 0 && (each < ' ' || each == '"' || each == '\\');
    }

    private static void putEscape(ByteBuffer json, byte each) {
        byte known = shortEscape(each);
        json.put((byte) '\\');
        if (known != 0) {
            json.put(known);
        } else {
            json.put(ascii("u00")).put(HEXADECIMAL[each >> 4]).put(HEXADECIMAL[each & 15]);
        }
    }

    private static byte shortEscape(byte each) {
        return (byte)
                switch (each) {
                    case '\b' -> 'b';
                    case '\f' -> 'f';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    case '"', '\\' -> each;
                    default -> 0;
                };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
