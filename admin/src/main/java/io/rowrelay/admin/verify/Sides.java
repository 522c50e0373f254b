package io.rowrelay.admin.verify;

import java.util.List;

/**
 * The two tables to compare.
 *
 * @param stream its name
 * @param source its rows
 * @param snapshots its rows in snapshots
 * @param destination its rows
 * @param keyColumns names of the primary key's columns
 * @param columns names of the compared columns, the key's among them
 * @param scope which columns take part
 * @param sameOrder whether both order their keys alike
 */
public record Sides(
        String stream,
        ComparedTable source,
        SourceSnapshots snapshots,
        ComparedTable destination,
        List<String> keyColumns,
        List<String> columns,
        ColumnScope scope,
        boolean sameOrder) {
    public Sides {
        keyColumns = List.copyOf(keyColumns);
        columns = List.copyOf(columns);
    }
}
