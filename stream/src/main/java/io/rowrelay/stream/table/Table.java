package io.rowrelay.stream.table;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The definition of a table, as the catalog of its database has it. Two of them are equal when nothing of this has
 * changed.
 *
 * @param oid its object id
 * @param sqlName qualified, and quoted where SQL needs that
 * @param definition of its columns, as {@link DefinitionHash} computes it
 * @param deferrable whether a constraint of it can be deferred
 * @param columns in their order
 */
public record Table(long oid, String sqlName, long definition, boolean deferrable, List<Column> columns) {
    public Table {
        columns = List.copyOf(columns);
    }

    /** The same table with these columns. */
    public Table withColumns(List<Column> others) {
        return new Table(oid, sqlName, definition, deferrable, others);
    }

    /** The column of this name, unquoted. */
    public Optional<Column> column(String wanted) {
        return columns.stream().filter(column -> column.name().equals(wanted)).findFirst();
    }

    /** The columns of the primary key, in key order. */
    public List<Column> key() {
        return columns.stream()
                .filter(column -> column.key().isPresent())
                .sorted(Comparator.comparingInt(
                        column -> column.key().orElseThrow().position()))
                .toList();
    }

    /** The columns that hold data: all but the marked one, in which a consumer keeps which change a row shows. */
    public List<Column> dataColumns() {
        return columns.stream().filter(column -> !column.markedAsFence()).toList();
    }
}
