package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.admin.tables.DestinationWriters;
import io.rowrelay.stream.jdbc.ReplicaRole;
import io.rowrelay.stream.table.jdbc.FenceColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether the destination can be written, with our scripts in it and a table that is prepared. */
final class DestinationState {
    private DestinationState() {}

    /** Whether it can be written. Not this session's own setting: what a new one would begin with. */
    static Check writable(Database destination) {
        return new SqlCheck(
                "destination-is-writable",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION),
                destination,
                connection -> Rows.of(
                        connection,
                        "SELECT pg_is_in_recovery(), reset_val = 'on' FROM pg_settings"
                                + " WHERE name = 'default_transaction_read_only'",
                        row -> {
                            if (row.getBoolean(1)) {
                                return Finding.ill(
                                        Ailment.DESTINATION_READ_ONLY,
                                        destination.address() + " is in recovery",
                                        Remedy.byHand(
                                                "point DESTINATION_DB_URL at the primary, or promote this server"));
                            }
                            return row.getBoolean(2)
                                    ? Finding.ill(
                                            Ailment.DESTINATION_READ_ONLY,
                                            "default_transaction_read_only is on for new sessions",
                                            Remedy.byHand(
                                                    "set it off for the server, the database or the role, whichever"
                                                            + " has it on"))
                                    : Finding.sound("it can be written");
                        }));
    }

    /** Whether sql/destination was applied, and all of it. */
    static Check scripts(Database destination) {
        Remedy apply = Remedy.inShell("cat sql/destination/*.sql | psql " + destination.address());
        return new SqlCheck(
                "destination-scripts",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION),
                destination,
                connection -> Rows.of(connection, """
                        SELECT concat_ws(', ', CASE WHEN to_regclass('cdc_tombstone') IS NULL THEN 'cdc_tombstone' END,
                                         CASE WHEN to_regclass('cdc_progress') IS NULL THEN 'cdc_progress' END,
                                         CASE WHEN to_regprocedure('cdc_destination(regclass)') IS NULL THEN 'cdc_destination' END),
                               concat_ws(', ', CASE WHEN to_regprocedure('rowrelay.refused_records(text, bytea, integer[], text[], text)')
                                                         IS NULL THEN 'function rowrelay.refused_records' END,
                                         CASE WHEN to_regclass('cdc_dead_letter') IS NULL THEN 'table cdc_dead_letter' END,
                                         CASE WHEN to_regclass('cdc_dead_letter_seen') IS NULL
                                              THEN 'table cdc_dead_letter_seen' END,
                                         CASE WHEN to_regclass('cdc_writer') IS NULL THEN 'table cdc_writer' END)""", row -> {
                    if (!row.getString(1).isEmpty()) {
                        return Finding.ill(Ailment.DESTINATION_SCRIPTS_MISSING, "missing: " + row.getString(1), apply);
                    }
                    return row.getString(2).isEmpty()
                            ? Finding.sound("sql/destination is applied")
                            : Finding.ill(Ailment.DESTINATION_SCRIPTS_OLD, "missing: " + row.getString(2), apply);
                }));
    }

    /** Whether the table is there and prepared. */
    static Check table(Database destination, StreamNames names) {
        return new SqlCheck(
                "destination-table",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION_SCRIPTS),
                destination,
                connection -> table(connection, names));
    }

    private static List<Finding> table(Connection connection, StreamNames names) throws SQLException {
        boolean there = Rows.of(
                        connection,
                        "SELECT to_regclass(?) IS NOT NULL",
                        row -> row.getBoolean(1),
                        names.destinationTable())
                .get(0);
        if (!there) {
            return List.of(Finding.ill(
                    Ailment.DESTINATION_TABLE_MISSING,
                    "there is no table " + names.destinationTable(),
                    Remedy.byHand("create it with the columns and the primary key of " + names.sourceTable()
                            + ", or correct DESTINATION_TABLE"),
                    names.prepareDestination()));
        }
        List<Finding> findings = new ArrayList<>(Rows.of(
                connection,
                "SELECT problem, hint FROM rowrelay.destination_refusals(to_regclass(?))",
                row -> Finding.ill(
                        Ailment.DESTINATION_UNFIT,
                        row.getString(1),
                        Remedy.byHand(row.getString(2)),
                        names.prepareDestination()),
                names.destinationTable()));
        if (FenceColumn.find(connection, names.destinationTable()).isEmpty()) {
            findings.add(unmarked(connection, names));
        }
        return Rows.orSound(findings, names.destinationTable() + " is prepared");
    }

    private static Finding unmarked(Connection connection, StreamNames names) throws SQLException {
        boolean there = Rows.of(
                        connection,
                        "SELECT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(?) AND "
                                + FenceColumn.rank("a") + " > 0)",
                        row -> row.getBoolean(1),
                        names.destinationTable())
                .get(0);
        if (there && FenceColumn.isOf(connection, names.destinationTable(), names.stream())) {
            return Finding.ill(
                    Ailment.DESTINATION_UNMARKED,
                    "nothing marks the column action_id of " + names.destinationTable() + " as the consumer's",
                    Remedy.byHand("where sql/destination is of an earlier version, apply it first"),
                    names.prepareDestination());
        }
        return Finding.ill(
                Ailment.DESTINATION_NO_ACTION_ID,
                names.destinationTable()
                        + (there
                                ? " has a column action_id, but nothing says that it is the consumer's"
                                : " has no column action_id"),
                names.prepareDestination());
    }

    /** Whether the table is this stream's alone. */
    static Check writers(Database destination, StreamNames names) {
        return new SqlCheck(
                "destination-writers",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION_SCRIPTS, Need.DESTINATION_TABLE),
                destination,
                connection -> {
                    List<String> others = DestinationWriters.read(connection, names.destinationTable(), names.stream())
                            .others();
                    return List.of(
                            others.isEmpty()
                                    ? Finding.sound("no other stream writes " + names.destinationTable())
                                    : Finding.ill(
                                            Ailment.DESTINATION_SHARED,
                                            "stream " + String.join(" and ", others) + " writes "
                                                    + names.destinationTable() + " as well",
                                            Remedy.byHand(
                                                    "give each stream a table of its own, or name its rows with --where; a"
                                                            + " stream that writes it no more: DELETE FROM cdc_writer WHERE stream = '...'")));
                });
    }

    /** Constraints that the order of arrival can break. A replica's session is not asked for foreign keys. */
    static Check constraints(Database destination, StreamNames names) {
        return new SqlCheck(
                "destination-constraints",
                Subject.DESTINATION,
                Set.of(Need.DESTINATION_TABLE),
                destination,
                connection -> {
                    ReplicaRole.take(connection);
                    return Rows.orSound(
                            Rows.of(
                                    connection,
                                    """
                                SELECT format('unique index %1$s of %2$s', i.indexrelid::regclass, i.indrelid::regclass),
                                       CASE WHEN k.conname IS NULL THEN format('DROP INDEX %s;', i.indexrelid::regclass)
                                            ELSE format('ALTER TABLE %s DROP CONSTRAINT %I;', i.indrelid::regclass, k.conname) END
                                FROM pg_catalog.pg_index i
                                LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
                                WHERE i.indrelid = to_regclass(?) AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary
                                UNION ALL
                                SELECT format('foreign key %I of %s', k.conname, k.conrelid::regclass),
                                       format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
                                FROM pg_catalog.pg_constraint k
                                WHERE k.contype = 'f' AND to_regclass(?) IN (k.conrelid, k.confrelid) AND k.conparentid = 0
                                  AND current_setting('session_replication_role') <> 'replica'
                                ORDER BY 1""",
                                    row -> Finding.ill(
                                            Ailment.DESTINATION_CONSTRAINT,
                                            row.getString(1),
                                            Remedy.inDestination(row.getString(2))),
                                    names.destinationTable(),
                                    names.destinationTable()),
                            "no unique index but the primary key, and no foreign key that could refuse a change");
                });
    }
}
