package io.rowrelay.stream.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The top level of a record's JSON object: its names, and its scalar values as text. Nested values are checked for syntax
 * and left out.
 */
final class ParsedRecord {
    private static final char REPLACEMENT = '\uFFFD';

    private final MemberNames names;
    private final List<@Nullable String> texts;
    private final BitSet strings;
    private final boolean flat;

    private ParsedRecord(MemberNames names, List<@Nullable String> texts, BitSet strings, boolean flat) {
        this.names = names;
        this.texts = texts;
        this.strings = strings;
        this.flat = flat;
    }

    /** Says why a value is not a JSON object. */
    static final class NotJsonException extends Exception {
        NotJsonException(String message, Throwable cause) {
            super(message, cause);
        }

        NotJsonException(String message) {
            super(message);
        }
    }

    /** {@code likely} are the names that the record probably has; it may have others. */
    static ParsedRecord of(byte[] json, MemberNames likely) throws NotJsonException {
        try (JsonParser parser = JsonObjects.RECORDS.createParser(requireUtf8(json))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotJsonException("the value is not a JSON object");
            }
            ParsedRecord parsed = members(parser, likely);
            if (parser.nextToken() != null) {
                throw new NotJsonException("something follows the JSON object");
            }
            return parsed;
        } catch (JacksonException failure) {
            throw new NotJsonException(failure.getOriginalMessage(), failure);
        }
    }

    private static ParsedRecord members(JsonParser parser, MemberNames likely) throws NotJsonException {
        List<String> names = new ArrayList<>(likely.size());
        List<@Nullable String> texts = new ArrayList<>(likely.size());
        BitSet strings = new BitSet();
        boolean asLikely = true;
        boolean flat = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            asLikely = asLikely && likely.has(names.size(), name);
            names.add(name);
            JsonToken value = parser.nextToken();
            String text = null;
            if (value.isStructStart()) {
                flat = false;
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                text = parser.getString();
                strings.set(texts.size(), value == JsonToken.VALUE_STRING);
            }
            texts.add(text);
        }
        boolean same = asLikely && names.size() == likely.size();
        return new ParsedRecord(same ? likely : MemberNames.of(names), texts, strings, flat);
    }

    /** Given bytes, the JSON library would guess their encoding and let some sequences pass that PostgreSQL does not. */
    static String requireUtf8(byte[] bytes) throws NotJsonException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Stands where bytes were not UTF-8, unless it was written.
        return text.indexOf(REPLACEMENT) < 0 ? text : strictUtf8(bytes);
    }

    private static String strictUtf8(byte[] bytes) throws NotJsonException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException failure) {
            throw new NotJsonException("the bytes are not UTF-8", failure);
        }
    }

    MemberNames names() {
        return names;
    }

    /**
     * The value at a position of the names: a string without its quotes, a number as written; null for an object, an array and null, and
     * for -1, which is no position.
     */
    @Nullable
    String text(int position) {
        return position < 0 ? null : texts.get(position);
    }

    /** The same by its name; null also when there is no such name. */
    @Nullable
    String text(String name) {
        return text(names.position(name));
    }

    boolean isString(int position) {
        return strings.get(position);
    }

    /** Whether the value of a name that is there is a string. */
    boolean isString(String name) {
        return strings.get(names.position(name));
    }

    /** Whether no value is an object or an array. */
    boolean flat() {
        return flat;
    }
}
