package io.rowrelay.stream.table;

import java.util.Optional;

/**
 * The column of a destination table in which the consumer keeps which change a row shows. cdc_destination marks it with a comment; it
 * is called action_id, unless the table has a column of that name for itself.
 *
 * @param column the column
 * @param marked whether it is marked. One that is not is the consumer's only where other evidence says so
 */
public record FenceColumn(Column column, boolean marked) {
    /** What it is called where the table does not need the name. */
    public static final String USUAL_NAME = "action_id";

    /** The one that is marked; else the one that a cdc_destination which set no mark may have made. */
    public static Optional<FenceColumn> of(Table table) {
        return marked(table)
                .or(() -> table.column(USUAL_NAME)
                        .filter(FenceColumn::mayBe)
                        .map(column -> new FenceColumn(column, false)));
    }

    /** The one that is marked. */
    public static Optional<FenceColumn> marked(Table table) {
        return table.columns().stream()
                .filter(Column::markedAsFence)
                .findFirst()
                .map(column -> new FenceColumn(column, true));
    }

    private static boolean mayBe(Column column) {
        return column.type().declared().equals("bigint") && !column.notNull() && column.origin() == ValueOrigin.NOTHING;
    }
}
