package io.rowrelay.stream.table;

import io.rowrelay.stream.record.Envelope;
import java.util.List;
import java.util.Optional;

/**
 * A source table and the change table that it is captured into.
 *
 * @param source the table that has the rows
 * @param changes the table that has their changes
 */
public record Capture(Table source, Table changes) {
    /** The columns of the source table that the change table has, too. A new column may not be captured yet. */
    public List<Column> columns() {
        List<Column> captured =
                captured().stream().flatMap(column -> sourceOf(column).stream()).toList();
        return source.columns().stream().filter(captured::contains).toList();
    }

    /** The columns of the source's key that the change table lacks: without all of them a change belongs to no row. */
    public List<Column> missingKey() {
        List<Column> captured = columns();
        return source.key().stream()
                .filter(column -> !captured.contains(column))
                .toList();
    }

    /** What the statements need to know of the change table. */
    public ChangeTable changeTable() {
        List<CapturedColumn> columns = captured().stream()
                .map(column -> CapturedColumn.of(column, sourceOf(column)))
                .toList();
        List<CapturedColumn> key = source.key().stream()
                .flatMap(part ->
                        columns.stream().filter(column -> column.source().equals(part.quoted())))
                .toList();
        boolean cast = columns.stream().anyMatch(column -> !column.cast().isEmpty());
        return new ChangeTable(
                changes.sqlName(),
                changes.oid(),
                cast ? source.oid() : 0,
                cast ? DefinitionHash.ofBoth(changes.definition(), source.definition()) : changes.definition(),
                columns,
                key);
    }

    private List<Column> captured() {
        return changes.columns().stream()
                .filter(column -> !Envelope.FIELDS.contains(column.name()))
                .toList();
    }

    private Optional<Column> sourceOf(Column captured) {
        return source.columns().stream()
                .filter(column -> column.inRecord().equals(captured.name()))
                .findFirst();
    }
}
