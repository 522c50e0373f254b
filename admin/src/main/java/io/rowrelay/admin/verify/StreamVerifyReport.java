package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the comparison of several tables has found. Not thread-safe. */
final class StreamVerifyReport {
    private final String stream;
    private final Optional<String> where;
    private final Map<String, VerifyReport> tables = new LinkedHashMap<>();
    private final List<String> notCompared = new ArrayList<>();

    StreamVerifyReport(String stream, Optional<String> where) {
        this.stream = stream;
        this.where = where;
    }

    void add(String table, VerifyReport report) {
        tables.put(table, report);
        report.scope().left().forEach(column -> notCompared.add(table + ": " + column));
    }

    /** A table that cannot be compared. */
    void leftOut(String table) {
        notCompared.add(table);
    }

    /** The sum of them. */
    VerifyReport total() {
        VerifyReport total = new VerifyReport(stream, new ColumnScope(notCompared, List.of(), List.of()), where);
        tables.values().forEach(total::add);
        return total;
    }

    /** What a program reads: the sum, and each table. */
    JsonObject json() {
        return total().json()
                .with(
                        "tables",
                        tables.entrySet().stream()
                                .map(each -> each.getValue().json().with("table", each.getKey()))
                                .toList());
    }
}
