package io.rowrelay.admin.command;

import io.rowrelay.common.json.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A JSON object that is written member by member, as every command prints it. Not thread-safe. */
public final class JsonObject {
    private static final Pattern SNAKE_CASE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /**
     * Adds a member: a text, number, boolean or object, or a collection of these. An empty Optional becomes null; a value of
     * another type becomes its text.
     *
     * @param name in snake_case
     */
    public JsonObject with(String name, Object value) {
        if (!SNAKE_CASE.matcher(name).matches()) {
            throw new IllegalArgumentException("not in snake_case: " + name);
        }
        return withColumn(name, value);
    }

    /** Adds a number with three decimals. */
    public JsonObject withSeconds(String name, double seconds) {
        return with(name, Math.round(seconds * 1_000) / 1_000.0);
    }

    /** Adds a member with the name of a column, whatever that is. */
    public JsonObject withColumn(String name, Object value) {
        members.put(name, plain(value));
        return this;
    }

    private static @Nullable Object plain(Object value) {
        if (value instanceof JsonObject object) {
            return object.members;
        }
        if (value instanceof Optional<?> optional) {
            return optional.isEmpty() ? null : plain(optional.get());
        }
        if (value instanceof OptionalLong number) {
            return number.isEmpty() ? null : number.getAsLong();
        }
        return value instanceof Collection<?> elements
                ? elements.stream().map(JsonObject::plain).toList()
                : value;
    }

    /** The lines of an array of objects, one a line. */
    public static List<String> lines(List<JsonObject> objects) {
        List<String> lines = new ArrayList<>();
        for (int position = 0; position < objects.size(); position++) {
            lines.add(
                    (position == 0 ? "[" : "") + objects.get(position) + (position == objects.size() - 1 ? "]" : ","));
        }
        return objects.isEmpty() ? List.of("[]") : lines;
    }

    @Override
    public String toString() {
        return JsonText.of(members);
    }
}
