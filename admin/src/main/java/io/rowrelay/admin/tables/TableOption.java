package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.CommandFailedException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --table}: some of the tables of a stream of many. */
public final class TableOption {
    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only this table of a stream of many: schema.table. Can be given more than once.")
    private List<String> chosen = new ArrayList<>();

    /** What was chosen, for people. */
    public String text() {
        return chosen.isEmpty() ? "all tables" : String.join(", ", chosen);
    }

    /** Whether some were chosen. */
    public boolean isGiven() {
        return !chosen.isEmpty();
    }

    /** Those of the stream that were chosen, or all. */
    public List<RegisteredTable> of(List<RegisteredTable> stream) {
        for (String name : chosen) {
            if (stream.stream().noneMatch(table -> table.name().equals(name))) {
                throw new CommandFailedException("the stream has no table " + name + ", as SQL prints its name; it has "
                        + String.join(
                                ", ", stream.stream().map(RegisteredTable::name).toList()));
            }
        }
        return stream.stream()
                .filter(table -> chosen.isEmpty() || chosen.contains(table.name()))
                .toList();
    }

    /** Refuses it for a stream of one table. */
    public void requireStreamOfMany(List<RegisteredTable> stream, String name) {
        if (isGiven() && stream.isEmpty()) {
            throw new CommandFailedException(
                    "--table is for a stream of many tables, and the source has none that is called " + name);
        }
    }
}
