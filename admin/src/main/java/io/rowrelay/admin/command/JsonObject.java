package io.rowrelay.admin.command;

import java.util.Collection;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A JSON object that is written member by member, for the results of commands; these are not worth a library. Not thread-safe. */
public final class JsonObject {
    private final StringJoiner members = new StringJoiner(",", "{", "}");

    /** Adds a string. */
    public JsonObject with(String name, String text) {
        return member(name, quoted(text));
    }

    /** Adds a whole number. */
    public JsonObject with(String name, long number) {
        return member(name, Long.toString(number));
    }

    /** Adds a number with three decimals. */
    public JsonObject withSeconds(String name, double seconds) {
        return member(name, Double.toString(Math.round(seconds * 1_000) / 1_000.0));
    }

    /** Adds true or false. */
    public JsonObject with(String name, boolean value) {
        return member(name, Boolean.toString(value));
    }

    /** Adds an object. */
    public JsonObject with(String name, JsonObject object) {
        return member(name, object.toString());
    }

    /** Adds an array of strings. */
    public JsonObject withTexts(String name, Collection<String> texts) {
        return member(name, array(texts, JsonObject::quoted));
    }

    /** Adds an array of objects. */
    public JsonObject withObjects(String name, Collection<JsonObject> objects) {
        return member(name, array(objects, JsonObject::toString));
    }

    private JsonObject member(String name, String json) {
        members.add(quoted(name) + ":" + json);
        return this;
    }

    private static <T> String array(Collection<T> elements, Function<T, String> json) {
        return elements.stream().map(json).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append((char) character);
            } else if (character < ' ') {
                quoted.append("\\u%04x".formatted(character));
            } else {
                quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
