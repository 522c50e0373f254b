package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.Page;
import io.rowrelay.producer.capture.TableCapture;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.checkpoint.Checkpoint;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A captured table over the connection of a session: its changes, and whether every one of them is captured. */
final class JdbcSourceTable implements TableCapture {
    private final SourceConnection source;
    private final CapturedTable table;
    private final ChangeTable changes;
    private final WindowReader reader;

    private JdbcSourceTable(SourceConnection source, CapturedTable table, ChangeTable changes, WindowReader reader) {
        this.source = source;
        this.table = table;
        this.changes = changes;
        this.reader = reader;
    }

    /** Reads what the statements need to know of it. */
    static JdbcSourceTable open(SourceConnection source, CapturedTable table, SourceOptions options, WindowWork work)
            throws SQLException, OutageException {
        Connection connection = source.connection();
        ChangeTable changes = ChangeTableCatalog.read(connection, table.sourceTable(), table.changeTable());
        return new JdbcSourceTable(source, table, changes, new WindowReader(connection, table, changes, options, work));
    }

    @Override
    public CapturedTable table() {
        return table;
    }

    ChangeTable changes() {
        return changes;
    }

    Page read(Checkpoint from) throws SQLException, OutageException {
        return reader.read(from);
    }

    @Override
    public void compare(List<PublishedChange> published) throws OutageException {
        try {
            source.checkpoints()
                    .refuseContradictions(changes, published, source.cluster().timeline());
        } catch (SQLException failure) {
            throw SqlFailures.outage("comparing the topic with the source database", failure);
        }
    }

    @Override
    public void check() throws OutageException {
        try {
            source.checkpoints().refuseActionIdsThatWentBackwards(changes);
            refuseUnsoundCapture(source.connection());
            source.clock().read(source.connection());
            refuseAltered(source.connection());
        } catch (SQLException failure) {
            throw SqlFailures.outage("checking the capture in the source database", failure);
        }
    }

    /** Asks what cdc_check is made of whether a change may go uncaptured. */
    private void refuseUnsoundCapture(Connection connection) throws SQLException, OutageException {
        List<String> problems = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT problem, hint FROM rowrelay.problems(?, "
                + RolePath.table("?") + ", ?) WHERE step < 7 ORDER BY 1")) {
            statement.setString(1, table.sourceTable());
            statement.setString(2, table.sourceTable());
            statement.setString(3, table.changeTable());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    problems.add(row.getString(1) + " (" + row.getString(2) + ")");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw OutageException.dataAtRisk(
                    "the capture of " + table.sourceTable() + " is not sound: " + String.join("; ", problems));
        }
    }

    /** The session's statements were written for the table and its key as they were. */
    private void refuseAltered(Connection connection) throws SQLException, OutageException {
        ChangeTable current = ChangeTableCatalog.read(connection, table.sourceTable(), table.changeTable());
        connection.commit();
        if (!current.equals(changes)) {
            throw new OutageException("the definition of " + changes.name() + " has changed; reading it again", null);
        }
    }
}
