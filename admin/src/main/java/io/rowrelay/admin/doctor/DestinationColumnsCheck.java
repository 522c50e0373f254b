package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.Capture;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.TypeFit;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
        Capture capture = source.read(
                "reading columns",
                connection -> ChangeTableCatalog.capture(connection, settings.sourceTable(), settings.changeTable()));
        Table applied = destination.read(
                "reading columns",
                connection -> TableCatalog.find(connection, settings.destinationTable())
                        .orElseThrow());
        List<Column> captured = capture.columns();
        List<CheckResult> results = new ArrayList<>();
        captured.forEach(
                column -> compare(column, applied.column(column.name())).ifPresent(results::add));
        for (Column column : captured) {
            applied.column(column.name()).ifPresent(there -> results.addAll(refused(column, there)));
        }
        applied.columns().stream()
                .filter(column -> column.notNull() && column.origin() == ValueOrigin.NOTHING)
                .filter(column ->
                        captured.stream().noneMatch(each -> each.name().equals(column.name())))
                .forEach(column -> results.add(CheckResult.found(
                        DESTINATION_COLUMN_REQUIRED,
                        column.name() + " must not be NULL, has no default, and is not captured",
                        alter("ALTER COLUMN " + column.quoted() + " DROP NOT NULL"))));
        capture.source().columns().stream()
                .filter(column -> column.origin() == ValueOrigin.VIRTUAL)
                .filter(column -> applied.column(column.name())
                        .filter(there -> !there.generated())
                        .isPresent())
                .forEach(column -> results.add(CheckResult.found(
                        DESTINATION_COLUMN_NOT_GENERATED,
                        column.name()
                                + " is a virtual generated column in the source and a plain one in the destination",
                        Remedy.byHand("let " + settings.destinationTable() + " generate it too, or drop it there"))));
        if (!key(capture.source()).equals(key(applied))) {
            results.add(CheckResult.found(
                    DESTINATION_KEY_DIFFERS,
                    "the key is " + key(capture.source()) + " in the source and " + key(applied)
                            + " in the destination",
                    Remedy.byHand(
                            "give " + settings.destinationTable() + " the primary key of " + settings.sourceTable())));
        }
        return CheckResult.orOk(results, captured.size() + " captured columns are there, with types that hold them");
    }

    /** Values of the source that the destination's column does not take, though their types compare well. */
    private List<CheckResult> refused(Column captured, Column applied) {
        List<CheckResult> results = new ArrayList<>();
        if (applied.refusesNull() && !applied.generated() && !captured.refusesNull()) {
            results.add(CheckResult.found(
                    DESTINATION_COLUMN_REQUIRED,
                    captured.name() + " must not be NULL in the destination, and can be in the source",
                    applied.type().refusesNull()
                            ? Remedy.byHand(
                                    "let the column's domain, " + applied.type().base() + " NOT NULL, take NULL")
                            : alter("ALTER COLUMN " + captured.quoted() + " DROP NOT NULL")));
        }
        List<String> labels = labels(applied);
        List<String> missing = labels(captured).stream()
                .filter(label -> !labels.isEmpty() && !labels.contains(label))
                .toList();
        if (!missing.isEmpty()) {
            results.add(CheckResult.found(
                    DESTINATION_ENUM_LABEL,
                    captured.name() + " lacks " + String.join(", ", missing),
                    missing.stream().map(label -> addLabel(applied, label)).toArray(Remedy[]::new)));
        }
        return results;
    }

    private static List<String> labels(Column column) {
        return column.type().enums().values().stream()
                .flatMap(Collection::stream)
                .toList();
    }

    private static Remedy addLabel(Column applied, String label) {
        String literal = Identifiers.literal(label);
        String enums = String.join(" or ", applied.type().enums().keySet());
        return applied.type().enums().size() == 1
                ? Remedy.inDestination("ALTER TYPE " + enums + " ADD VALUE IF NOT EXISTS " + literal + ";")
                : Remedy.byHand("ALTER TYPE ... ADD VALUE " + literal + ", of " + enums);
    }

    private Optional<CheckResult> compare(Column captured, Optional<Column> applied) {
        String type = captured.type().base();
        if (applied.isEmpty()) {
            return Optional.of(CheckResult.found(
                    DESTINATION_COLUMN_MISSING,
                    captured.name() + " " + type,
                    alter("ADD COLUMN " + captured.quoted() + " " + type)));
        }
        String types = captured.name() + " is " + type + " in the source and "
                + applied.get().type().base() + " in the destination";
        Remedy alter = alter(
                "ALTER COLUMN " + captured.quoted() + " TYPE " + type + " USING " + captured.quoted() + "::" + type);
        return switch (TypeFit.of(captured.type(), applied.get().type())) {
            case HOLDS -> Optional.empty();
            case NARROWER -> Optional.of(CheckResult.found(DESTINATION_COLUMN_NARROWER, types, alter));
            case UNKNOWN -> Optional.of(CheckResult.found(DESTINATION_COLUMN_TYPE, types, alter));
        };
    }

    private Remedy alter(String change) {
        return Remedy.alterDestination(settings, change);
    }

    private static List<String> key(Table table) {
        return table.key().stream().map(Column::name).toList();
    }
}
