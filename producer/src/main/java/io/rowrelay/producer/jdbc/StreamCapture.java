package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.producer.capture.TableCapture;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.record.PublishedChange;
import io.rowrelay.stream.table.jdbc.StreamRegistry.Registered;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The captures of all tables of a stream, over the connection of a session. Not thread-safe. */
final class StreamCapture implements TableCapture {
    private final SourceConnection source;
    private final Registered registered;

    StreamCapture(SourceConnection source, Registered registered) {
        this.source = source;
        this.registered = registered;
    }

    /** Stands for all of them. */
    @Override
    public CapturedTable table() {
        String name = registered.stream().name();
        return new CapturedTable(name, name, registered.stream().cutTopic());
    }

    @Override
    public void check() throws OutageException {
        try {
            source.checkpoints().refuseActionIdsThatWentBackwards(registered);
            refuseUnsound(source.connection());
            source.clock().read(source.connection());
            source.connection().commit();
        } catch (SQLException failure) {
            throw SqlFailures.outage("checking the captures in the source database", failure);
        }
    }

    private void refuseUnsound(Connection connection) throws SQLException, OutageException {
        List<String> problems = new ArrayList<>();
        for (CapturedTable table : registered.stream().tables()) {
            Query.list(
                            connection,
                            "SELECT problem, hint FROM rowrelay.problems(?, " + RolePath.table("?")
                                    + ", ?) WHERE step < 7 ORDER BY 1",
                            row -> row.getString(1) + " (" + row.getString(2) + ")",
                            table.sourceTable(),
                            table.sourceTable(),
                            table.changeTable())
                    .forEach(problem -> problems.add(table.sourceTable() + ": " + problem));
        }
        if (!problems.isEmpty()) {
            throw OutageException.dataAtRisk("the capture of stream "
                    + registered.stream().name() + " is not sound: " + String.join("; ", problems));
        }
    }

    @Override
    public void compare(List<PublishedChange> published) {
        // The cut topic has no changes.
    }
}
