package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.ServerClock;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Asks the database's own cdc_check whether every change of the table is being captured. */
final class CaptureCheck {
    private final String sourceTable;
    private final String changeTable;
    private final ServerClock clock;

    /** With each check the clock is set anew. */
    CaptureCheck(String sourceTable, String changeTable, ServerClock clock) {
        this.clock = clock;
        this.sourceTable = sourceTable;
        this.changeTable = changeTable;
    }

    /**
     * Throws when a change may go uncaptured, or when table or key are no longer what the session's statements were written
     * for.
     */
    void run(Connection connection, ChangeTable known) throws SQLException, OutageException {
        List<String> problems = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT problem, hint FROM cdc_check(?, ?) ORDER BY 1")) {
            statement.setString(1, sourceTable);
            statement.setString(2, changeTable);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    problems.add(row.getString(1) + " (" + row.getString(2) + ")");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw OutageException.dataAtRisk(
                    "the capture of " + sourceTable + " is not sound: " + String.join("; ", problems));
        }
        clock.read(connection);
        ChangeTable current = ChangeTableCatalog.read(connection, sourceTable, changeTable);
        connection.commit();
        if (!current.equals(known)) {
            throw new OutageException("the definition of " + known.name() + " has changed; reading it again", null);
        }
    }
}
