package io.rowrelay.stream.table;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The definition of a table, as the catalog of its database has it. Two of them are equal when nothing that is told here has
 * changed.
 *
 * @param oid its object id
 * @param schema where it lies, unquoted
 * @param name unquoted
 * @param sqlName qualified, and quoted where SQL needs that
 * @param kind what it is
 * @param owner the role that owns it
 * @param definition of its columns, as {@link DefinitionHash} computes it
 * @param deferrable whether a constraint of it can be deferred
 * @param columns in their order
 */
public record Table(
        long oid,
        String schema,
        String name,
        String sqlName,
        Kind kind,
        String owner,
        long definition,
        boolean deferrable,
        List<Column> columns) {
    public Table {
        columns = List.copyOf(columns);
    }

    /** What a relation is. */
    public enum Kind {
        /** A table that holds its rows itself. */
        TABLE,
        /** A table whose rows are in its partitions. */
        PARTITIONED,
        /** A view, a foreign table, or whatever else has columns. */
        OTHER
    }

    /** The same table with these columns. */
    public Table withColumns(List<Column> others) {
        return new Table(oid, schema, name, sqlName, kind, owner, definition, deferrable, others);
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
