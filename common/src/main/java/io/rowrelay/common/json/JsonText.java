package io.rowrelay.common.json;

import io.rowrelay.common.text.PrintableText;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints JSON on one line that steers no terminal, in ASCII but for what the texts themselves hold. */
public final class JsonText {
    private JsonText() {}

    /**
     * Stands for itself.
     *
     * @param json what is JSON already
     */
    public record Raw(String json) {}

    /**
     * Prints a map as an object, a collection as an array, numbers and truth values as they are, {@link Raw} as it is, null
     * as null, and everything else as a string.
     */
    public static String of(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.entrySet().stream()
                    .map(member -> quote(String.valueOf(member.getKey())) + ":" + of(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            return "null";
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return value instanceof Raw raw ? raw.json() : quote(value.toString());
    }

    /** Prints a string. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').append((char) character);
            } else if (character == '\t'
                    || PrintableText.steers(character)
                    || Character.isSurrogate((char) character)) {
                quoted.append("\\u%04x".formatted(character));
            } else {
                quoted.append((char) character);
            }
        });
        return quoted.append('"').toString();
    }
}
