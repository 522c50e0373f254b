package io.rowrelay.admin.verify;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.tables.Condition;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
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
                compared(asIn(session, value, from.type(), to.type()), captured, from.type()),
                compared(asIn(session, changed, from.type(), to.type()), captured, from.type()),
                compared(to.type().text(value), captured, to.type()));
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

    /** The text of what the destination's type makes of the value, where the types differ and the source knows it. */
    private static String asIn(Connection session, String value, ColumnType from, ColumnType to) throws SQLException {
        if (from.isCalledLike(to)) {
            return from.text(value);
        }
        Optional<String> written = WrittenValue.of(value, from, to);
        if (written.isPresent()) {
            return written.get() + "::text";
        }
        if (to.isOwn()) {
            return from.text(value) + "::" + to.base() + "::text";
        }
        return known(session, to)
                .map(type -> ColumnType.output(ColumnType.input(from.text(value), type)))
                .orElse(from.text(value));
    }

    /**
     * What the source calls a type of the destination, which may lie in another schema there. A base type, which only a
     * superuser makes, or a range of such: anybody can make a domain of that name, with a condition that would be computed here.
     */
    private static Optional<String> known(Connection session, ColumnType type) throws SQLException {
        return Query.first(
                session,
                """
                SELECT n.name FROM (SELECT ?, 0 UNION ALL SELECT format('%%I.%%s', schema, ?), place
                                    FROM unnest(%s) WITH ORDINALITY AS s (schema, place)) AS n (name, place)
                JOIN pg_type t ON t.oid = to_regtype(n.name)
                LEFT JOIN pg_range g ON g.rngtypid = t.oid AND g.rngcanonical = 0
                LEFT JOIN pg_type b ON b.oid = g.rngsubtype
                WHERE coalesce(b.typtype, t.typtype) = 'b' AND t.typelem = 0
                ORDER BY n.place LIMIT 1""".formatted(RolePath.SCHEMAS),
                row -> row.getString(1),
                type.declared(),
                TypeFit.unqualified(type.declared()));
    }

    /** In a record, a JSON null and no value look the same, and white space around a json value is lost. */
    private static String compared(String text, Optional<CapturedColumn> captured, ColumnType type) {
        boolean asJson = type.shape().isJson()
                && captured.filter(column -> column.form() == CapturedColumn.Form.JSON)
                        .isPresent();
        return asJson ? "nullif(btrim(" + text + ", E' \\t\\n\\r'), 'null')" : text;
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
