package io.rowrelay.consumer.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The top level of a record's JSON object: its names, and its scalar values as text. Nested values are checked for syntax
 * and left out.
 *
 * @param names all names, in their order
 * @param scalars the values that are neither object nor array nor null, a string without its quotes, a number as written
 * @param strings the names whose value is a string
 * @param flat whether no value is an object or an array
 */
record ParsedRecord(List<String> names, Map<String, String> scalars, Set<String> strings, boolean flat) {

    /** Says why a value is not a JSON object. */
    static final class NotJsonException extends Exception {
        NotJsonException(String message, Throwable cause) {
            super(message, cause);
        }

        NotJsonException(String message) {
            super(message);
        }
    }

    static ParsedRecord of(byte[] json) throws NotJsonException {
        try (JsonParser parser = JsonObjects.MAPPER.createParser(requireUtf8(json))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotJsonException("the value is not a JSON object");
            }
            ParsedRecord parsed = members(parser);
            if (parser.nextToken() != null) {
                throw new NotJsonException("something follows the JSON object");
            }
            return parsed;
        } catch (JacksonException failure) {
            throw new NotJsonException(failure.getOriginalMessage(), failure);
        }
    }

    private static ParsedRecord members(JsonParser parser) throws NotJsonException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<String, String> scalars = new HashMap<>();
        Set<String> strings = new HashSet<>();
        boolean flat = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!seen.add(name)) {
                throw new NotJsonException("the name \"" + name + "\" is there twice");
            }
            names.add(name);
            JsonToken value = parser.nextToken();
            if (value.isStructStart()) {
                flat = false;
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                scalars.put(name, parser.getString());
                if (value == JsonToken.VALUE_STRING) {
                    strings.add(name);
                }
            }
        }
        return new ParsedRecord(names, scalars, strings, flat);
    }

    /** Given bytes, the JSON library would guess their encoding and let some sequences pass that PostgreSQL does not. */
    static String requireUtf8(byte[] bytes) throws NotJsonException {
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
}
