package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.ColumnTypes;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.admin.look.jdbc.ReadOnlyDatabase;
import io.rowrelay.common.event.Envelope;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.TransientFailureException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The columns that are captured, held against those of the destination table.
 *
 * @param source where the change table is
 * @param destination where the destination table is
 * @param names of both
 */
record DestinationColumns(ReadOnlyDatabase source, ReadOnlyDatabase destination, StreamNames names) implements Check {
    /** What is captured: the change table, not the source table, whose newest column may not be captured yet. */
    private static final String CAPTURED = """
            SELECT c.column_name, c.column_type, coalesce(k.key_position, 0), false
            FROM rowrelay.change_table(to_regclass(?), ?) t CROSS JOIN LATERAL rowrelay.columns(t.change_oid) c
            LEFT JOIN rowrelay.columns(to_regclass(?)) k ON k.column_name = c.column_name
            ORDER BY c.attnum""";

    private static final String APPLIED = """
            SELECT a.attname,
                   CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
                        ELSE format_type(a.atttypid, a.atttypmod) END,
                   coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0),
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

    private record Column(String name, String type, int key, boolean required) {}

    @Override
    public String name() {
        return "destination-columns";
    }

    @Override
    public Subject subject() {
        return Subject.DESTINATION;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SOURCE_SCRIPTS, Need.CAPTURE, Need.DESTINATION_TABLE);
    }

    @Override
    public List<Finding> look() throws TransientFailureException {
        List<Column> captured =
                columns(source, CAPTURED, names.sourceTable(), names.changeTable(), names.sourceTable()).stream()
                        .filter(column -> !Envelope.FIELDS.contains(column.name()))
                        .toList();
        List<Column> applied = columns(destination, APPLIED, names.destinationTable());
        List<Finding> findings = new ArrayList<>();
        captured.forEach(column -> compare(column, find(applied, column.name())).ifPresent(findings::add));
        applied.stream()
                .filter(column ->
                        column.required() && find(captured, column.name()).isEmpty())
                .forEach(column -> findings.add(Finding.ill(
                        Ailment.DESTINATION_COLUMN_REQUIRED,
                        column.name() + " must not be NULL, has no default, and is not captured",
                        alter("ALTER COLUMN " + Identifiers.quote(column.name()) + " DROP NOT NULL"))));
        if (!keys(captured).equals(keys(applied))) {
            findings.add(Finding.ill(
                    Ailment.DESTINATION_KEY_DIFFERS,
                    "the key is " + keys(captured) + " in the source and " + keys(applied) + " in the destination",
                    Remedy.byHand("give " + names.destinationTable() + " the primary key of " + names.sourceTable())));
        }
        return Rows.orSound(findings, captured.size() + " captured columns are there, with types that hold them");
    }

    private static List<Column> columns(ReadOnlyDatabase database, String sql, Object... parameters)
            throws TransientFailureException {
        return database.read(
                "reading columns",
                connection -> Rows.of(
                        connection,
                        sql,
                        row -> new Column(row.getString(1), row.getString(2), row.getInt(3), row.getBoolean(4)),
                        parameters));
    }

    private Optional<Finding> compare(Column captured, Optional<Column> applied) {
        String quoted = Identifiers.quote(captured.name());
        if (applied.isEmpty()) {
            return Optional.of(Finding.ill(
                    Ailment.DESTINATION_COLUMN_MISSING,
                    captured.name() + " " + captured.type(),
                    alter("ADD COLUMN " + quoted + " " + captured.type())));
        }
        String types = captured.name() + " is " + captured.type() + " in the source and "
                + applied.get().type() + " in the destination";
        Remedy alter = alter(
                "ALTER COLUMN " + quoted + " TYPE " + captured.type() + " USING " + quoted + "::" + captured.type());
        return switch (ColumnTypes.compare(captured.type(), applied.get().type())) {
            case HOLDS -> Optional.empty();
            case NARROWER -> Optional.of(Finding.ill(Ailment.DESTINATION_COLUMN_NARROWER, types, alter));
            case OTHER -> Optional.of(Finding.ill(Ailment.DESTINATION_COLUMN_TYPE, types, alter));
        };
    }

    private Remedy alter(String change) {
        return Remedy.inDestination("ALTER TABLE " + names.destinationTable() + " " + change + ";");
    }

    private static Optional<Column> find(List<Column> columns, String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    private static List<String> keys(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.key() > 0)
                .sorted(Comparator.comparingInt(Column::key))
                .map(Column::name)
                .toList();
    }
}
