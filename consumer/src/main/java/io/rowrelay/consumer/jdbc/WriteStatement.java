package io.rowrelay.consumer.jdbc;

import io.rowrelay.consumer.jdbc.ApplyStatements.Form;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The statement that writes changes of the same columns, in all its forms.
 *
 * @param columns whose values it takes
 * @param json takes a JSON array
 * @param numberedJson the same for a function of the server
 * @param arrays takes an array a column, which the server reads several times as fast; only where all columns are of plain types
 * @param looksFirst whether {@code arrays} asks which tombstones may concern it
 */
record WriteStatement(
        List<DestinationTable.Column> columns,
        String json,
        String numberedJson,
        Optional<String> arrays,
        boolean looksFirst) {

    static WriteStatement upsert(DestinationTable table, List<DestinationTable.Column> columns) {
        return of(table, columns, statements -> statements.upsert(columns), table.tombstonesInOrder());
    }

    static WriteStatement delete(DestinationTable table) {
        return of(table, table.keyColumns(), ApplyStatements::delete, false);
    }

    private static WriteStatement of(
            DestinationTable table,
            List<DestinationTable.Column> columns,
            Function<ApplyStatements, String> statement,
            boolean looksFirst) {
        boolean plain = columns.stream().allMatch(column -> column.plainType() != null);
        return new WriteStatement(
                columns,
                statement.apply(new ApplyStatements(table, Form.JSON)),
                statement.apply(new ApplyStatements(table, Form.NUMBERED_JSON)),
                plain ? Optional.of(statement.apply(new ApplyStatements(table, Form.ARRAYS))) : Optional.empty(),
                looksFirst);
    }
}
