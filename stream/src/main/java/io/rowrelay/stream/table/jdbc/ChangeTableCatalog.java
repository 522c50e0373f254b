package io.rowrelay.stream.table.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.Capture;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.Column;
import io.rowrelay.stream.table.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a source table and its change table from the catalog. */
public final class ChangeTableCatalog {
    private ChangeTableCatalog() {}

    /**
     * What the statements need to know of the change table of {@link #capture}.
     *
     * @throws OutageException likewise, and when the change table lacks a column of the primary key
     */
    public static ChangeTable read(Connection connection, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        return read(capture(connection, sourceTable, changeTable), sourceTable, changeTable);
    }

    /**
     * The same of a table of a stream of several, which need not have a key.
     *
     * @throws OutageException likewise
     */
    public static ChangeTable readOfStream(Connection connection, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        return read(found(connection, sourceTable, changeTable), sourceTable, changeTable);
    }

    private static ChangeTable read(Capture capture, String sourceTable, String changeTable) throws OutageException {
        if (!capture.missingKey().isEmpty()) {
            throw OutageException.dataAtRisk("the change table " + changeTable + " has no "
                    + capture.missingKey().stream().map(Column::quoted).collect(Collectors.joining(", "))
                    + ", which is in the primary key of " + sourceTable + ": SELECT * FROM cdc_check('" + sourceTable
                    + "', '" + changeTable + "') says what to do");
        }
        return capture.changeTable();
    }

    /**
     * Reads both tables; both names are as in SQL, and one of a change table without a schema is found as cdc_capture finds it.
     *
     * @throws OutageException with data at risk when there is no such capture, or the source table has no primary key
     */
    public static Capture capture(Connection connection, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        Capture capture = found(connection, sourceTable, changeTable);
        if (capture.source().key().isEmpty()) {
            throw withoutKey(sourceTable);
        }
        return capture;
    }

    private static OutageException withoutKey(String sourceTable) {
        return OutageException.dataAtRisk("the source table " + sourceTable
                + " does not exist or has no primary key: create it with one, or check SOURCE_TABLE");
    }

    private static Capture found(Connection connection, String sourceTable, String changeTable)
            throws SQLException, OutageException {
        Optional<String> found = find(connection, sourceTable, changeTable);
        if (found.isEmpty()) {
            throw OutageException.dataAtRisk(missing(connection, sourceTable, changeTable));
        }
        String changes = found.get();
        Map<String, Table> tables = TableCatalog.read(connection, List.of(sourceTable, changes));
        Table source = tables.get(sourceTable);
        Table target = tables.get(changes);
        if (target == null) {
            throw OutageException.dataAtRisk(missing(connection, sourceTable, changeTable));
        }
        if (source == null) {
            throw withoutKey(sourceTable);
        }
        return new Capture(source, target);
    }

    /** The change table of that name as cdc_capture finds it, quoted; empty where there is none. */
    public static Optional<String> find(Connection connection, String sourceTable, String changeTable)
            throws SQLException {
        return Query.first(
                connection, """
                SELECT pg_catalog.format('%%I.%%I', t.change_schema, t.change_name)
                FROM rowrelay.change_table(%s, ?) t WHERE t.change_oid IS NOT NULL""".formatted(RolePath.table("?")), row -> row.getString(1), sourceTable, changeTable);
    }

    /** Why there is no change table: cdc_check knows a table that has another name now. */
    private static String missing(Connection connection, String sourceTable, String changeTable) throws SQLException {
        Optional<String> problem = Query.first(
                connection,
                "SELECT problem, hint FROM rowrelay.problems(?, %1$s, ?) WHERE %1$s IS NULL LIMIT 1"
                        .formatted(RolePath.table("?")),
                row -> row.getString(1) + " (" + row.getString(2) + ")",
                sourceTable,
                sourceTable,
                changeTable,
                sourceTable);
        return problem.orElse("the change table " + changeTable
                + " does not exist in the source database: run SELECT cdc_capture('" + sourceTable
                + "', '" + changeTable + "')");
    }
}
