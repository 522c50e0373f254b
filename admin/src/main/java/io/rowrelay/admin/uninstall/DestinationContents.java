package io.rowrelay.admin.uninstall;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.tables.DestinationWriters;
import io.rowrelay.admin.uninstall.Installation.Plan;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.table.FenceColumn;
import io.rowrelay.stream.table.Table;
import io.rowrelay.stream.table.ValueOrigin;
import io.rowrelay.stream.table.jdbc.FenceOwner;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the destination has of a stream: action_id and what the consumer remembers; with the last stream the tables and functions, too. */
final class DestinationContents {
    private static final List<String> TABLES = List.of(
            "cdc_tombstone",
            "cdc_progress",
            "cdc_applied",
            "cdc_dead_letter",
            "cdc_dead_letter_seen",
            "cdc_writer",
            "cdc_key_lock");

    private DestinationContents() {}

    static Plan read(Connection connection, AdminSettings settings) throws SQLException {
        String stream = settings.stream().name();
        String table = settings.destinationTable();
        String daemon = "rowrelay-consumer-" + stream;
        if (!Installation.exists(connection, "cdc_progress")) {
            return new Plan(List.of(), List.of(), Installation.daemons(connection, daemon, "cdc_progress"));
        }
        DestinationWriters writers = DestinationWriters.read(connection, table, stream);
        Optional<Table> there = TableCatalog.find(connection, table);
        List<String> statements = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        there.ifPresent(found -> remarks.addAll(identities(found)));
        if (writers.others().isEmpty() && writers.unknown().isEmpty()) {
            // One that nothing marks only where the stream is known to have written it.
            boolean writes = FenceOwner.isOf(connection, table, stream);
            Optional<FenceColumn> fence = there.flatMap(FenceColumn::of).filter(found -> found.marked() || writes);
            fence.ifPresent(
                    own -> statements.add("ALTER TABLE " + there.orElseThrow().sqlName() + " DROP COLUMN "
                            + own.column().sqlName()));
            if (fence.isEmpty()
                    && there.flatMap(found -> found.column(FenceColumn.USUAL_NAME))
                            .isPresent()) {
                remarks.add("action_id of " + table
                        + " stays: nothing says that it is the consumer's, and not the table's own."
                        + " Where it is the consumer's: ALTER TABLE " + table + " DROP COLUMN action_id");
            }
        } else if (writers.others().isEmpty()) {
            remarks.add(
                    "action_id of " + table + " stays: stream " + String.join(" and ", writers.unknown())
                            + " may write it as well; start its consumer once, which notes what it writes, then run this again");
        } else {
            remarks.add("action_id of " + table + " stays: stream " + String.join(" and ", writers.others())
                    + " writes it as well");
        }
        List<String> rows = tablesByRow(connection, stream);
        for (String each : rows) {
            withoutFence(connection, stream, each).ifPresent(statements::add);
        }
        List<String> prepared = FenceOwner.otherTables(connection, table).stream()
                .filter(each -> !rows.contains(each))
                .toList();
        boolean last = others(connection, stream).isEmpty() && prepared.isEmpty();
        if (!prepared.isEmpty()) {
            remarks.add("the functions stay: " + String.join(", ", prepared) + " has a column action_id as well");
        }
        if (last && Installation.exists(connection, "cdc_offset")) {
            remarks.add("the functions stay: this database is a source as well");
            last = false;
        }
        if (last) {
            statements.addAll(
                    Installation.everything(connection, "cdc_progress", "'{" + String.join(",", TABLES) + "}'"));
        } else {
            statements.addAll(Installation.rowsOf(connection, stream, TABLES));
        }
        return new Plan(statements, remarks, Installation.daemons(connection, daemon, "cdc_progress"));
    }

    /** Tables of a stream of many that is applied row by row, qualified and quoted. */
    private static List<String> tablesByRow(Connection connection, String stream) throws SQLException {
        return Installation.exists(connection, "cdc_writer")
                ? Installation.texts(
                        connection,
                        "SELECT DISTINCT destination_table FROM {cdc_writer} WHERE starts_with(stream, ?)",
                        TableStream.prefix(stream))
                : List.of();
    }

    /** What drops the column that the consumer keeps in such a table, unless another stream writes it as well. */
    private static Optional<String> withoutFence(Connection connection, String stream, String table)
            throws SQLException {
        boolean shared = Query.one(
                connection,
                RolePath.qualified(
                        connection,
                        "SELECT EXISTS (SELECT FROM {cdc_writer} WHERE destination_table = ? AND NOT starts_with(stream, ?))"),
                row -> row.getBoolean(1),
                table,
                TableStream.prefix(stream));
        Optional<Table> there = shared ? Optional.empty() : TableCatalog.find(connection, table);
        return there.flatMap(FenceColumn::marked)
                .map(own -> "ALTER TABLE " + there.orElseThrow().sqlName() + " DROP COLUMN "
                        + own.column().sqlName());
    }

    private static List<String> identities(Table table) {
        return table.columns().stream()
                .filter(column -> column.origin() == ValueOrigin.IDENTITY_BY_DEFAULT)
                .map(column -> "cdc_destination has set " + column.name() + " to GENERATED BY DEFAULT, whatever it was")
                .toList();
    }

    private static List<String> others(Connection connection, String stream) throws SQLException {
        List<String> others = new ArrayList<>(Installation.texts(connection, """
                SELECT w.stream FROM (SELECT stream FROM {cdc_progress} UNION SELECT stream FROM {cdc_writer}) AS w
                WHERE w.stream <> ? AND NOT starts_with(w.stream, ?)""", stream, TableStream.prefix(stream)));
        // Not there in an older installation.
        if (Installation.exists(connection, "cdc_applied")) {
            others.addAll(Installation.texts(connection, "SELECT stream FROM {cdc_applied} WHERE stream <> ?", stream));
        }
        return others;
    }
}
