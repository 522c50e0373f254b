package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.settings.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** {@code --table}: some of the tables of a stream of many. */
public final class TableOption {
    private static final int MOST_NAMED = 20;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description =
                    "Only this table of a stream of many: schema.table, or the table alone if no other schema has it. Can be given more than once.")
    private List<String> chosen = new ArrayList<>();

    /** What was chosen of the stream, for people. */
    public String text(List<RegisteredTable> stream) {
        return chosen.isEmpty()
                ? "all tables"
                : of(stream).stream().map(RegisteredTable::name).collect(Collectors.joining(", "));
    }

    /** Whether some were chosen. */
    public boolean isGiven() {
        return !chosen.isEmpty();
    }

    /** Those of the stream that were chosen, or all. */
    public List<RegisteredTable> of(List<RegisteredTable> stream) {
        Set<RegisteredTable> wanted =
                chosen.stream().map(name -> one(name, stream)).collect(Collectors.toSet());
        return stream.stream()
                .filter(table -> chosen.isEmpty() || wanted.contains(table))
                .toList();
    }

    private static RegisteredTable one(String typed, List<RegisteredTable> stream) {
        TableName name = TableName.parse(typed);
        List<RegisteredTable> found = stream.stream()
                .filter(table -> name.names(TableName.parse(table.name())))
                .toList();
        if (found.size() > 1) {
            throw new CommandFailedException("the stream has more than one table " + typed + ": say which of "
                    + found.stream().map(RegisteredTable::name).collect(Collectors.joining(", ")));
        }
        return found.stream()
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("the stream has no table " + typed
                        + near(name, stream)
                                .map(table -> "; did you mean " + table + "?")
                                .orElse("")
                        + (typed.contains("\"") ? "" : " A name with capitals needs double quotes, as in SQL.")
                        + " It has " + some(stream)));
    }

    private static Optional<String> near(TableName name, List<RegisteredTable> stream) {
        boolean withSchema = name.parts().size() > 1;
        Map<String, String> names = new TreeMap<>();
        stream.forEach(table -> {
            TableName whole = TableName.parse(table.name());
            names.put(withSchema ? whole.plain() : whole.table(), table.name());
        });
        return Spelling.suggestion(withSchema ? name.plain() : name.table(), names.keySet())
                .map(names::get);
    }

    private static String some(List<RegisteredTable> stream) {
        return stream.stream().limit(MOST_NAMED).map(RegisteredTable::name).collect(Collectors.joining(", "))
                + (stream.size() > MOST_NAMED ? " and " + (stream.size() - MOST_NAMED) + " others: see status" : "");
    }

    /** Refuses it for a stream of one table. */
    public void requireStreamOfMany(List<RegisteredTable> stream, String name) {
        if (isGiven() && stream.isEmpty()) {
            throw new CommandFailedException(
                    "--table is for a stream of many tables, and the source has none that is called " + name);
        }
    }
}
