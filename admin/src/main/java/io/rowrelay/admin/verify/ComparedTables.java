package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.tables.Condition;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.admin.tables.StreamTables;
import io.rowrelay.admin.tables.TableSession;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.util.List;
import java.util.Optional;

/**
 * The two tables to compare.
 *
 * @param source its rows
 * @param snapshots its rows in snapshots
 * @param destination its rows
 * @param keyColumns names of the primary key's columns
 * @param columns names of the compared columns, the key's among them
 * @param scope which columns take part
 * @param sameOrder whether both order their keys alike
 * @param fenced whether the destination's rows say which change they show; if not, their versions change whenever a change of
 *     them is applied
 */
record ComparedTables(
        ComparedTable source,
        SourceSnapshots snapshots,
        ComparedTable destination,
        List<String> keyColumns,
        List<String> columns,
        ColumnScope scope,
        boolean sameOrder,
        boolean fenced) {
    /** Another one for each version of a row. */
    private static final String VERSION = "r.ctid::text || ' ' || r.xmin";

    ComparedTables {
        keyColumns = List.copyOf(keyColumns);
        columns = List.copyOf(columns);
    }

    /** Both tables, to be compared where the condition is true. */
    static ComparedTables read(StreamTables tables, Optional<String> where) throws OutageException {
        Condition condition = Condition.of(where);
        ChangeTable changes = tables.changes();
        KeyedTable here = tables.sourceKey();
        KeyedTable there = tables.destinationKey();
        here.requireSameKey(there);
        TableSession source = tables.source();
        TableSession destination = tables.destination();
        boolean fenced = tables.isFenced();
        ComparedColumns columns = columns(tables, changes);
        Hashing hashing = Hashing.forBoth(source, destination);
        ComparedSql sourceSql = new ComparedSql(here, columns.ofSource(), VERSION, hashing, condition);
        ComparedSql changesSql =
                new ComparedSql(here.within(changes), columns.ofChanges(), "r.action_id::text", hashing, condition);
        ComparedSql destinationSql = new ComparedSql(
                there,
                columns.ofDestination(),
                fenced ? "coalesce(r." + there.fence() + "::text, '')" : VERSION,
                hashing,
                condition);
        ComparedTable sourceRows = new ComparedTable(source, here, sourceSql);
        return new ComparedTables(
                sourceRows,
                new SourceSnapshots(source, sourceRows, changes, changesSql),
                new ComparedTable(destination, there, destinationSql),
                here.key().stream()
                        .map(column -> Identifiers.unquote(column.name()))
                        .toList(),
                columns.columns().stream().map(ComparedColumn::name).toList(),
                columns.scope(),
                here.ordersLike(there),
                fenced);
    }

    /** The columns by which the tables are compared. */
    static ComparedColumns columns(StreamTables tables, ChangeTable changes) throws OutageException {
        String doing = "reading the definitions of the tables";
        AdminSettings settings = tables.settings();
        Table there = tables.destination()
                .run(
                        doing,
                        connection -> TableCatalog.find(connection, settings.destinationTable())
                                .orElseThrow());
        return tables.source()
                .run(
                        doing,
                        connection -> ComparedColumns.of(
                                connection,
                                settings,
                                TableCatalog.findWithExpressions(connection, settings.sourceTable())
                                        .orElseThrow(),
                                changes,
                                there));
    }
}
