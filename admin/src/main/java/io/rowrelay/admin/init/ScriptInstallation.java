package io.rowrelay.admin.init;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.stream.jdbc.InstalledVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Runs Rowrelay's scripts in a database, as psql would: with the role's own search_path, in whose first schema they make their
 * tables. They are run again where they are there already, since that brings what is new, unless another role installed them.
 */
final class ScriptInstallation {
    private final InstalledVersion side;
    private final RowrelayScripts scripts;

    ScriptInstallation(InstalledVersion side) {
        this.side = side;
        this.scripts = RowrelayScripts.of(side.database());
    }

    /** Runs them in the transaction of the connection. Says which, or that there is nothing to do. */
    String run(Connection connection) throws SQLException {
        Optional<String> stranger = owner(connection);
        if (stranger.isPresent()) {
            Optional<InstalledVersion.Shortfall> shortfall = side.shortfall(connection);
            if (shortfall.isPresent()) {
                throw new CommandFailedException(
                        shortfall.get().text() + "; role " + stranger.get() + " has to run init, or the scripts");
            }
            return "installed by role " + stranger.get();
        }
        OwnPath.take(connection);
        try (Statement statement = connection.createStatement()) {
            // What JDBC takes for its own {escapes} are JSON and array literals here.
            statement.setEscapeProcessing(false);
            for (RowrelayScripts.Script script : scripts.scripts()) {
                run(statement, script);
            }
        }
        OwnPath.leave(connection);
        return "sql/" + side.database() + "/*.sql, " + scripts.scripts().size() + " scripts";
    }

    private static void run(Statement statement, RowrelayScripts.Script script) throws SQLException {
        try {
            statement.execute(script.text());
        } catch (SQLException failure) {
            if (SqlFailures.isCutShort(failure)) {
                throw failure;
            }
            throw new CommandFailedException(script.name() + ": " + SqlFailures.explain(failure));
        }
    }

    /** The role that installed Rowrelay, where this one may not act for it. */
    private static Optional<String> owner(Connection connection) throws SQLException {
        return Query.first(connection, """
                SELECT quote_ident(r.rolname)
                FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
                WHERE n.nspname = 'rowrelay' AND NOT pg_has_role(n.nspowner, 'USAGE')""", row -> row.getString(1));
    }
}
