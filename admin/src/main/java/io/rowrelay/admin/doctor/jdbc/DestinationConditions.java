package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.common.jdbc.Identifiers;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/**
 * The CHECK constraints of the destination table, held against those of the source: one that the source has too refuses nothing.
 *
 * @param source where the source table is
 * @param destination where the destination table is
 * @param names of both
 */
record DestinationConditions(Database source, Database destination, StreamNames names) implements TableComparison {
    private static final String CONDITIONS = """
            SELECT k.conname, pg_get_constraintdef(k.oid, true) FROM pg_catalog.pg_constraint k
            WHERE k.conrelid = to_regclass(?) AND k.contype = 'c' ORDER BY 1""";

    private record Condition(String name, String definition) {}

    @Override
    public String name() {
        return "destination-conditions";
    }

    @Override
    public List<Finding> look() throws OutageException {
        List<String> here = read(source, names.sourceTable()).stream()
                .map(Condition::definition)
                .toList();
        List<Finding> findings = read(destination, names.destinationTable()).stream()
                .filter(condition -> !here.contains(condition.definition()))
                .map(condition -> Finding.ill(
                        Ailment.DESTINATION_CONDITION,
                        condition.name() + " of " + names.destinationTable() + ": " + condition.definition(),
                        Remedy.inDestination("ALTER TABLE " + names.destinationTable() + " DROP CONSTRAINT "
                                + Identifiers.quote(condition.name()) + ";")))
                .toList();
        return Rows.orSound(findings, "no CHECK that the source has not");
    }

    private static List<Condition> read(Database database, String table) throws OutageException {
        return Rows.read(
                database, "constraints", CONDITIONS, row -> new Condition(row.getString(1), row.getString(2)), table);
    }
}
