package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether the destination table takes the columns that are captured. */
record DestinationColumnsCheck(Database source, Database destination, AdminSettings settings) {
    static final Problem DESTINATION_KEY_DIFFERS = Problem.problem(
            "destination-key-differs",
            "Source and destination have different primary keys: changes become dead letters, or change other "
                    + "rows.");

    static final Problem DESTINATION_COLUMN_MISSING = Problem.problem(
            "destination-column-missing",
            "A captured column is missing in the destination: the consumer waits at the first change that has "
                    + "it.");

    static final Problem DESTINATION_COLUMN_NARROWER = Problem.problem(
            "destination-column-narrower",
            "A column holds less in the destination than in the source: larger values become dead letters.");

    static final Problem DESTINATION_COLUMN_TYPE = Problem.warning(
            "destination-column-type",
            "A column has another type in the destination: values may be rejected, or look different.");

    static final Problem DESTINATION_COLUMN_REQUIRED = Problem.problem(
            "destination-column-required",
            "A column of the destination rejects NULL, but can be NULL in the source or is in no change: "
                    + "changes become dead letters.");

    static final Problem DESTINATION_ENUM_LABEL = Problem.problem(
            "destination-enum-label",
            "An enum of the destination lacks labels of the source: changes with them become dead letters.");

    static final Problem DESTINATION_COLUMN_NOT_GENERATED = Problem.warning(
            "destination-column-not-generated",
            "A virtual generated column of the source is not captured: a plain column stays NULL in the "
                    + "destination.");

    private static final Pattern SCHEMA = Pattern.compile("^(?:\"(?:[^\"]|\"\")+\"|[^\".( ]+)\\.");

    /** The captured columns: those of the source table that the change table has, too. A new column may not be captured yet. */
    private static final String CAPTURED = """
            SELECT k.column_name, k.column_type, coalesce(k.key_position, 0), false,
                   coalesce(s.attnotnull, false) OR coalesce(st.typnotnull, false), false, e.labels, e.types
            FROM rowrelay.change_table(to_regclass(?), ?) t CROSS JOIN LATERAL rowrelay.columns(t.change_oid) c
            JOIN rowrelay.columns(to_regclass(?)) k ON k.change_column = c.column_name
            LEFT JOIN pg_catalog.pg_attribute s ON s.attrelid = to_regclass(?) AND s.attname = k.column_name AND NOT s.attisdropped
            LEFT JOIN pg_catalog.pg_type st ON st.oid = s.atttypid
            LEFT JOIN LATERAL (ENUMS) e ON true
            ORDER BY k.attnum""".replace("ENUMS", enums("s.atttypid"));

    private static final String VIRTUAL = """
            SELECT attname FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = 'v'""";

    private static final String PLAIN = """
            SELECT attname FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""";

    /** Qualified types, as in the source: what a session's search_path leaves out is no difference. */
    private static final String APPLIED = """
            SELECT a.attname,
                   CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
                        ELSE format_type(a.atttypid, a.atttypmod) END,
                   coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0),
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
                   (a.attnotnull OR t.typnotnull) AND a.attgenerated = '', t.typnotnull, e.labels, e.types
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
            LEFT JOIN LATERAL (ENUMS) e ON true
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""".replace("ENUMS", enums("a.atttypid"));

    private static final String QUALIFIED =
            "SELECT to_regclass(?)::oid::bigint, set_config('search_path', 'pg_catalog', true)";

    private record Column(
            String name,
            String type,
            int key,
            boolean required,
            boolean notNull,
            boolean byDomain,
            List<String> labels,
            List<String> enums) {
        static Column of(ResultSet row) throws SQLException {
            return new Column(
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getBoolean(4),
                    row.getBoolean(5),
                    row.getBoolean(6),
                    texts(row, 7),
                    texts(row, 8));
        }

        private static List<String> texts(ResultSet row, int column) throws SQLException {
            Array texts = row.getArray(column);
            return texts == null ? List.of() : List.of((String[]) texts.getArray());
        }
    }

    /** The labels of all enums that values of a type are made of, and the names of these enums. */
    private static String enums(String type) {
        return """
                WITH RECURSIVE part(type) AS (
                    SELECT %s
                    UNION
                    SELECT next.type FROM part whole JOIN pg_catalog.pg_type t ON t.oid = whole.type
                    CROSS JOIN LATERAL (
                        SELECT t.typbasetype WHERE t.typtype = 'd'
                        UNION ALL SELECT t.typelem WHERE t.typelem <> 0 AND t.typlen = -1
                        UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE t.oid IN (g.rngtypid, g.rngmultitypid)
                        UNION ALL SELECT m.atttypid FROM pg_catalog.pg_attribute m
                            WHERE m.attrelid = t.typrelid AND m.attnum > 0 AND NOT m.attisdropped) next(type))
                SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) AS labels,
                       array_agg(DISTINCT format('%%I.%%I', n.nspname, t.typname)) AS types
                FROM part JOIN pg_catalog.pg_type t ON t.oid = part.type JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                JOIN pg_catalog.pg_enum l ON l.enumtypid = t.oid""".formatted(type);
    }

    static final Check CHECK = Check.ofBothTables(
            "destination-columns",
            List.of(
                    DESTINATION_KEY_DIFFERS,
                    DESTINATION_COLUMN_MISSING,
                    DESTINATION_COLUMN_NARROWER,
                    DESTINATION_COLUMN_TYPE,
                    DESTINATION_COLUMN_REQUIRED,
                    DESTINATION_ENUM_LABEL,
                    DESTINATION_COLUMN_NOT_GENERATED),
            context -> new DestinationColumnsCheck(context.source(), context.destination(), context.settings()).look());

    private List<CheckResult> look() throws OutageException {
        List<Column> captured = captured();
        List<Column> applied = applied();
        List<CheckResult> results = new ArrayList<>();
        captured.forEach(column -> compare(column, find(applied, column.name())).ifPresent(results::add));
        for (Column column : captured) {
            find(applied, column.name()).ifPresent(there -> results.addAll(refused(column, there)));
        }
        applied.stream()
                .filter(column ->
                        column.required() && find(captured, column.name()).isEmpty())
                .forEach(column -> results.add(CheckResult.found(
                        DESTINATION_COLUMN_REQUIRED,
                        column.name() + " must not be NULL, has no default, and is not captured",
                        alter("ALTER COLUMN " + Identifiers.quote(column.name()) + " DROP NOT NULL"))));
        List<String> plain = columnNames(destination, PLAIN, settings.destinationTable());
        columnNames(source, VIRTUAL, settings.sourceTable()).stream()
                .filter(plain::contains)
                .forEach(column -> results.add(CheckResult.found(
                        DESTINATION_COLUMN_NOT_GENERATED,
                        column + " is a virtual generated column in the source and a plain one in the destination",
                        Remedy.byHand("let " + settings.destinationTable() + " generate it too, or drop it there"))));
        if (!keys(captured).equals(keys(applied))) {
            results.add(CheckResult.found(
                    DESTINATION_KEY_DIFFERS,
                    "the key is " + keys(captured) + " in the source and " + keys(applied) + " in the destination",
                    Remedy.byHand(
                            "give " + settings.destinationTable() + " the primary key of " + settings.sourceTable())));
        }
        return CheckResult.orOk(results, captured.size() + " captured columns are there, with types that hold them");
    }

    private static List<String> columnNames(Database database, String sql, String table) throws OutageException {
        return Rows.read(database, "columns", sql, row -> row.getString(1), table);
    }

    private List<Column> captured() throws OutageException {
        return Rows.read(
                source,
                "columns",
                CAPTURED,
                Column::of,
                settings.sourceTable(),
                settings.changeTable(),
                settings.sourceTable(),
                settings.sourceTable());
    }

    private List<Column> applied() throws OutageException {
        return destination.read("reading columns", connection -> {
            long table = Rows.of(connection, QUALIFIED, row -> row.getLong(1), settings.destinationTable())
                    .get(0);
            return Rows.of(connection, APPLIED, Column::of, table);
        });
    }

    /** Values of the source that the destination's column does not take, though their types compare well. */
    private List<CheckResult> refused(Column captured, Column applied) {
        List<CheckResult> results = new ArrayList<>();
        if (applied.notNull() && !captured.notNull() && captured.key() == 0) {
            results.add(CheckResult.found(
                    DESTINATION_COLUMN_REQUIRED,
                    captured.name() + " must not be NULL in the destination, and can be in the source",
                    applied.byDomain()
                            ? Remedy.byHand("let the column's domain, " + applied.type() + " NOT NULL, take NULL")
                            : alter("ALTER COLUMN " + Identifiers.quote(captured.name()) + " DROP NOT NULL")));
        }
        List<String> missing = captured.labels().stream()
                .filter(label ->
                        !applied.labels().isEmpty() && !applied.labels().contains(label))
                .toList();
        if (!missing.isEmpty()) {
            results.add(CheckResult.found(
                    DESTINATION_ENUM_LABEL,
                    captured.name() + " lacks " + String.join(", ", missing),
                    missing.stream().map(label -> addLabel(applied, label)).toArray(Remedy[]::new)));
        }
        return results;
    }

    private static Remedy addLabel(Column applied, String label) {
        String literal = Identifiers.literal(label);
        return applied.enums().size() == 1
                ? Remedy.inDestination(
                        "ALTER TYPE " + applied.enums().get(0) + " ADD VALUE IF NOT EXISTS " + literal + ";")
                : Remedy.byHand("ALTER TYPE ... ADD VALUE " + literal + ", of " + String.join(" or ", applied.enums()));
    }

    private Optional<CheckResult> compare(Column captured, Optional<Column> applied) {
        String quoted = Identifiers.quote(captured.name());
        if (applied.isEmpty()) {
            return Optional.of(CheckResult.found(
                    DESTINATION_COLUMN_MISSING,
                    captured.name() + " " + captured.type(),
                    alter("ADD COLUMN " + quoted + " " + captured.type())));
        }
        String types = captured.name() + " is " + captured.type() + " in the source and "
                + applied.get().type() + " in the destination";
        Remedy alter = alter(
                "ALTER COLUMN " + quoted + " TYPE " + captured.type() + " USING " + quoted + "::" + captured.type());
        return switch (ColumnTypes.compare(
                unqualified(captured.type()), unqualified(applied.get().type()))) {
            case HOLDS -> Optional.empty();
            case NARROWER -> Optional.of(CheckResult.found(DESTINATION_COLUMN_NARROWER, types, alter));
            case OTHER -> Optional.of(CheckResult.found(DESTINATION_COLUMN_TYPE, types, alter));
        };
    }

    /** The same type may lie in another schema there. */
    private static String unqualified(String type) {
        return SCHEMA.matcher(type).replaceFirst("");
    }

    private Remedy alter(String change) {
        return Remedy.alterDestination(settings, change);
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
