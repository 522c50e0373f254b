package io.rowrelay.admin.doctor;

import io.rowrelay.admin.tables.DestinationWriters;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.jdbc.FenceOwner;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the destination can be written, with a table that is prepared and is the stream's alone. */
final class DestinationTableCheck {
    static final Problem DESTINATION_READ_ONLY =
            Problem.problem("destination-read-only", "The destination is a standby or read-only: the consumer waits.");

    static final Problem DESTINATION_TAMPERED = Problem.problem(
            "destination-tampered",
            "Another role owns something of Rowrelay's in the destination, or can act on what Rowrelay writes there: "
                    + "changes can be lost or forged.");

    static final Problem DESTINATION_TABLE_MISSING = Problem.problem(
            "destination-table-missing",
            "The destination table does not exist for this role: the consumer waits.",
            Need.DESTINATION_TABLE);

    static final Problem DESTINATION_NO_ACTION_ID = Problem.problem(
            "destination-no-action-id",
            "The column action_id, which tells old changes from new ones, is missing or the table's own: the "
                    + "consumer waits.");

    static final Problem DESTINATION_UNMARKED = Problem.warning(
            "destination-unmarked",
            "The column action_id has no comment that marks it as the consumer's, as in a copied table. The consumer works, but waits if the stream loses its progress or the table is renamed.");

    static final Problem DESTINATION_UNFIT =
            Problem.problem("destination-unfit", "The consumer cannot write the destination table; the text says why.");

    static final Problem DESTINATION_SHARED = Problem.warning(
            "destination-shared",
            "Another stream writes the table too, and rows do not say whose they are: resync, reanchor and "
                    + "verify --repair need --where.");

    static final Check WRITABLE = Check.ofDestination(
            "destination-is-writable",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION),
            List.of(DESTINATION_READ_ONLY),
            DestinationTableCheck::writable);

    static final Check OWN_TABLES = Check.ofDestination(
            "destination-own-tables",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_SCRIPTS),
            List.of(DESTINATION_TAMPERED),
            DestinationTableCheck::ownTables);

    static final Check TABLE = Check.ofDestination(
            "destination-table",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_SCRIPTS),
            List.of(DESTINATION_TABLE_MISSING, DESTINATION_NO_ACTION_ID, DESTINATION_UNMARKED, DESTINATION_UNFIT),
            DestinationTableCheck::table);

    static final Check WRITERS = Check.ofDestination(
            "destination-writers",
            Subject.DESTINATION,
            Set.of(Need.DESTINATION_TABLE),
            List.of(DESTINATION_SHARED),
            DestinationTableCheck::writers);

    private DestinationTableCheck() {}

    /** Asks for the default of new sessions, not for this session's own setting. */
    private static List<CheckResult> writable(Connection connection, CheckContext context) throws SQLException {
        if (Standby.is(connection)) {
            return List.of(CheckResult.found(
                    DESTINATION_READ_ONLY,
                    context.destination().address() + " is in recovery",
                    Remedy.byHand("point DESTINATION_DB_URL at the primary, or promote this server")));
        }
        return Query.list(
                connection,
                "SELECT reset_val = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only'",
                row -> row.getBoolean(1)
                        ? CheckResult.found(
                                DESTINATION_READ_ONLY,
                                "default_transaction_read_only is on for new sessions",
                                Remedy.byHand(
                                        "set it off for the server, the database or the role, whichever has it on"))
                        : CheckResult.ok("it can be written"));
    }

    private static List<CheckResult> ownTables(Connection connection, CheckContext context) throws SQLException {
        return CheckResult.orOk(
                Query.list(
                        connection,
                        "SELECT problem, hint FROM rowrelay.installation_problems()",
                        row -> CheckResult.found(
                                DESTINATION_TAMPERED, row.getString(1), Remedy.byHand(row.getString(2)))),
                "Rowrelay's tables and functions are its own");
    }

    private static List<CheckResult> table(Connection connection, CheckContext context) throws SQLException {
        Optional<Table> table = TableCatalog.find(connection, context.destinationTable());
        if (table.isEmpty()) {
            return List.of(CheckResult.found(
                    DESTINATION_TABLE_MISSING,
                    "there is no table " + context.destinationTable(),
                    Remedy.byHand("create it with the columns and the primary key of "
                            + context.settings().sourceTable() + ", or correct DESTINATION_TABLE"),
                    Remedy.prepareDestination(context.settings())));
        }
        List<CheckResult> results = new ArrayList<>(Query.list(
                connection,
                "SELECT problem, hint FROM rowrelay.destination_refusals(" + RolePath.table("?") + ")",
                row -> CheckResult.found(
                        DESTINATION_UNFIT,
                        row.getString(1),
                        Remedy.byHand(row.getString(2)),
                        Remedy.prepareDestination(context.settings())),
                context.destinationTable()));
        Optional<FenceColumn> fence = FenceColumn.of(table.get());
        if (fence.filter(FenceColumn::marked).isEmpty()) {
            results.add(unmarked(connection, context, fence.isPresent()));
        }
        return CheckResult.orOk(results, context.destinationTable() + " is prepared");
    }

    private static CheckResult unmarked(Connection connection, CheckContext context, boolean there)
            throws SQLException {
        if (there && FenceOwner.isOf(connection, context.destinationTable(), context.stream())) {
            return CheckResult.found(
                    DESTINATION_UNMARKED,
                    "nothing marks the column action_id of " + context.destinationTable() + " as the consumer's",
                    Remedy.prepareDestination(context.settings()));
        }
        return CheckResult.found(
                DESTINATION_NO_ACTION_ID,
                context.destinationTable()
                        + (there
                                ? " has a column action_id, but nothing says that it is the consumer's"
                                : " has no column action_id"),
                Remedy.prepareDestination(context.settings()));
    }

    /** Whether the table is this stream's alone. */
    private static List<CheckResult> writers(Connection connection, CheckContext context) throws SQLException {
        String table = context.destinationTable();
        List<String> others =
                DestinationWriters.read(connection, table, context.stream()).others();
        return List.of(
                others.isEmpty()
                        ? CheckResult.ok("no other stream writes " + table)
                        : CheckResult.found(
                                DESTINATION_SHARED,
                                "stream " + String.join(" and ", others) + " writes " + table + " as well",
                                Remedy.byHand(
                                        "give each stream a table of its own, or name its rows with --where; a"
                                                + " stream that writes it no more: DELETE FROM cdc_writer WHERE stream = '...'")));
    }
}
