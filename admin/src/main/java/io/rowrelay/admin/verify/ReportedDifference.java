package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A difference as it is reported.
 *
 * @param kind in what way the row differs
 * @param keyColumns names of the key's columns
 * @param key their values
 * @param columns names of the columns that differ
 * @param source their values in the source; empty unless values were asked for
 * @param destination likewise
 */
record ReportedDifference(
        Difference.Kind kind,
        List<String> keyColumns,
        List<String> key,
        List<String> columns,
        List<String> source,
        List<String> destination) {
    ReportedDifference {
        keyColumns = List.copyOf(keyColumns);
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        source = List.copyOf(source);
        destination = List.copyOf(destination);
    }

    static ReportedDifference of(
            Difference difference, ComparedTables sides, List<String> source, List<String> destination) {
        return new ReportedDifference(
                difference.kind(),
                sides.keyColumns(),
                difference.key().values(),
                difference.columns().stream().map(sides.columns()::get).toList(),
                chosen(difference, source),
                chosen(difference, destination));
    }

    private static List<String> chosen(Difference difference, List<String> values) {
        return values.isEmpty()
                ? List.of()
                : difference.columns().stream().map(values::get).toList();
    }

    String line() {
        String named = IntStream.range(0, key.size())
                .mapToObj(position -> keyColumns.get(position) + "=" + key.get(position))
                .collect(Collectors.joining(", "));
        String differing = IntStream.range(0, columns.size())
                .mapToObj(position -> columns.get(position)
                        + (source.isEmpty()
                                ? ""
                                : " (" + source.get(position) + " | " + destination.get(position) + ")"))
                .collect(Collectors.joining(", "));
        return "%-9s %s%s".formatted(kind.word(), named, differing.isEmpty() ? "" : ": " + differing);
    }

    JsonObject json() {
        JsonObject json = new JsonObject().with("kind", kind.word()).with("key", named(keyColumns, key));
        if (kind == Difference.Kind.DIFFERENT) {
            json.with("columns", columns);
        }
        if (!source.isEmpty()) {
            json.with("source", named(columns, source)).with("destination", named(columns, destination));
        }
        return json;
    }

    private static JsonObject named(List<String> names, List<String> values) {
        JsonObject object = new JsonObject();
        IntStream.range(0, names.size())
                .forEach(position -> object.withColumn(names.get(position), values.get(position)));
        return object;
    }
}
