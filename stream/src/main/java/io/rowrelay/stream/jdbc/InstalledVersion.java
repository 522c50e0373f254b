package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which version of Rowrelay's tables and functions a database has: what its function rowrelay.version() returns. Daemons and
 * commands ask before they use any of them, so nothing else looks whether a table, a column or a function is there yet.
 */
public enum InstalledVersion {
    SOURCE("source", "cdc_offset", Programs.SOURCE_SCRIPTS),
    DESTINATION("destination", "cdc_progress", Programs.DESTINATION_SCRIPTS);

    /** What this release needs: the number in 99_version.sql of its scripts. A later version does as well, since scripts only add. */
    public static final int NEEDED = 1;

    private final String database;
    private final String table;
    private final String scripts;

    InstalledVersion(String database, String table, String scripts) {
        this.database = database;
        this.table = table;
        this.scripts = scripts;
    }

    /** What the database is to Rowrelay: source or destination. */
    public String database() {
        return database;
    }

    /**
     * The database does not have the scripts that this release needs.
     *
     * @param missing true if it has none, false if it has those of an earlier version
     * @param text says so in one sentence
     * @param remedy what to do
     */
    public record Shortfall(boolean missing, String text, String remedy) {}

    /** Looks for the version, in the current transaction of the connection. Empty if this release can work with it. */
    public Optional<Shortfall> shortfall(Connection connection) throws SQLException {
        boolean there = Query.one(
                connection,
                "SELECT " + RolePath.table("?") + " IS NOT NULL AND to_regprocedure('rowrelay.version()') IS NOT NULL",
                row -> row.getBoolean(1),
                table);
        if (!there) {
            return Optional.of(new Shortfall(
                    true,
                    "Rowrelay's tables and functions are missing in the " + database
                            + ", or not on the search path of the role",
                    scripts));
        }
        int installed = Query.one(connection, "SELECT rowrelay.version()", row -> row.getInt(1));
        return installed >= NEEDED
                ? Optional.empty()
                : Optional.of(new Shortfall(
                        false,
                        "Rowrelay's tables and functions in the " + database + " are of version " + installed
                                + ", version " + NEEDED + " is needed",
                        scripts + " (see docs/operate/upgrade.md)"));
    }

    /**
     * Makes sure that the database has what this release needs. In the transaction that the connection is in.
     *
     * @throws OutageException when it has not; it is over once the scripts were run
     */
    public void require(Connection connection) throws SQLException, OutageException {
        Optional<Shortfall> found = shortfall(connection);
        if (found.isPresent()) {
            throw OutageException.waitingForAHuman(
                    found.get().text() + ": " + found.get().remedy());
        }
    }
}
