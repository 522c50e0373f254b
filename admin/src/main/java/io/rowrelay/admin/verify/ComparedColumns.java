package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.tables.Condition;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.stream.table.CapturedColumn;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.ColumnType;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.TypeFit;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.WrittenValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The columns that both sides are compared by: all of the source. Each is compared as text, which the sessions print alike.
 *
 * @param columns in the order of the source table
 * @param scope what a result says nothing of, or less than of others
 */
record ComparedColumns(List<ComparedColumn> columns, ColumnScope scope) {
    ComparedColumns {
        columns = List.copyOf(columns);
    }

    /** Pairs the columns of both tables. The session is in the source, and {@code source} has expressions. */
    static ComparedColumns of(
            Connection session, AdminSettings settings, Table source, ChangeTable changes, Table destination)
            throws SQLException {
        List<Column> there = destination.columns().stream()
                .filter(column -> !isFence(column, destination, source))
                .toList();
        List<ComparedColumn> columns = new ArrayList<>();
        List<String> left = new ArrayList<>();
        List<String> computed = new ArrayList<>();
        for (Column from : source.dataColumns()) {
            Optional<Column> to = there.stream()
                    .filter(column -> column.name().equals(from.name()))
                    .findFirst();
            Optional<CapturedColumn> captured = changes.columns().stream()
                    .filter(each -> each.source().equals(from.quoted()))
                    .findFirst();
            boolean virtual = from.origin() == ValueOrigin.VIRTUAL;
            if (to.isEmpty()) {
                left.add("column " + from.name() + " of " + settings.sourceTable() + ": " + settings.destinationTable()
                        + " of the destination has none of that name");
            } else if (captured.isEmpty() && !virtual) {
                left.add("column " + from.name() + " of " + settings.sourceTable()
                        + ": it is not captured; run SELECT cdc_capture for the table");
            } else {
                columns.add(column(session, from, captured, changes, to.get()));
                if (to.get().generated() || virtual) {
                    computed.add(from.name());
                }
            }
        }
        List<String> further = there.stream()
                .map(Column::name)
                .filter(name -> source.dataColumns().stream()
                        .noneMatch(column -> column.name().equals(name)))
                .toList();
        return new ComparedColumns(columns, new ColumnScope(left, further, computed));
    }

    /** The consumer's column. One that nothing marks yet has the usual name, which the source does not have then. */
    private static boolean isFence(Column column, Table destination, Table source) {
        return FenceColumn.marked(destination)
                .map(fence -> fence.column().equals(column))
                .orElseGet(() -> column.name().equals(FenceColumn.USUAL_NAME)
                        && source.dataColumns().stream()
                                .noneMatch(own -> own.name().equals(FenceColumn.USUAL_NAME)));
    }

    private static ComparedColumn column(
            Connection session, Column from, Optional<CapturedColumn> captured, ChangeTable changes, Column to)
            throws SQLException {
        String value = "r." + from.quoted();
        String changed = changed(from, captured, changes);
        return new ComparedColumn(
                from.name(),
                text(asIn(session, value, from.type(), to.type()), captured, from.type()),
                text(asIn(session, changed, from.type(), to.type()), captured, from.type()),
                text(value, captured, to.type()));
    }

    /** The value in a change. No change carries a virtual column: it is computed from the others, by their names in the source. */
    private static String changed(Column from, Optional<CapturedColumn> captured, ChangeTable changes) {
        return captured.map(column -> "(" + column.of("r") + ")")
                .orElseGet(() -> changes.columns().stream()
                        .map(column -> column.of("r") + " AS " + column.source())
                        .collect(Collectors.joining(
                                ", ",
                                "(SELECT " + new Condition(from.expression()).sql() + " FROM (SELECT ",
                                ") AS r)")));
    }

    /** What the destination's type makes of the value, where the types differ and the source knows it. */
    private static String asIn(Connection session, String value, ColumnType from, ColumnType to) throws SQLException {
        if (from.isCalledLike(to)) {
            return value;
        }
        Optional<String> written = WrittenValue.of(value, from, to);
        return written.isPresent()
                ? written.get()
                : known(session, to).map(type -> value + "::text::" + type).orElse(value);
    }

    /** What the source calls a type of the destination, which may lie in another schema there. */
    private static Optional<String> known(Connection session, ColumnType type) throws SQLException {
        return Query.first(
                session,
                "SELECT name FROM unnest(?) WITH ORDINALITY t(name, place) WHERE to_regtype(name) IS NOT NULL ORDER BY place LIMIT 1",
                row -> row.getString(1),
                (Object) new String[] {type.declared(), TypeFit.unqualified(type.declared())});
    }

    /** In a record, a JSON null and no value look the same, and white space around a json value is lost. */
    private static String text(String value, Optional<CapturedColumn> captured, ColumnType type) {
        boolean asJson = type.shape().isJson()
                && captured.filter(column -> column.form() == CapturedColumn.Form.JSON)
                        .isPresent();
        return asJson ? "nullif(btrim(" + value + "::text, E' \\t\\n\\r'), 'null')" : value + "::text";
    }

    List<String> ofSource() {
        return columns.stream().map(ComparedColumn::source).toList();
    }

    List<String> ofChanges() {
        return columns.stream().map(ComparedColumn::changes).toList();
    }

    List<String> ofDestination() {
        return columns.stream().map(ComparedColumn::destination).toList();
    }
}
