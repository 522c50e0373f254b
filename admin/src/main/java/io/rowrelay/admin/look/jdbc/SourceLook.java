package io.rowrelay.admin.look.jdbc;

import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.look.Count;
import io.rowrelay.admin.look.SourceFacts;
import io.rowrelay.admin.look.Views.View;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** What the source knows of a stream. */
public final class SourceLook implements View<SourceFacts> {
    /** Counting more would take longer than anybody wants to wait; what the server estimates can be far off. */
    private static final long MOST_COUNTED = 1_000_000;

    private static final long MOST_WAITING = 1_000_000;

    private final Database database;
    private final String stream;
    private final String sourceTable;
    private final String changeTable;

    public SourceLook(Database database, String stream, String sourceTable, String changeTable) {
        this.database = database;
        this.stream = stream;
        this.sourceTable = sourceTable;
        this.changeTable = changeTable;
    }

    @Override
    public SourceFacts look() throws OutageException {
        return database.read("looking at stream " + stream, this::look);
    }

    private SourceFacts look(Connection connection) throws SQLException, OutageException {
        ChangeTable table = ChangeTableCatalog.read(connection, sourceTable, changeTable);
        Optional<SourceFacts.Publishing> publishing = publishing(connection, table);
        Optional<SourceFacts.Producer> producer = StreamLock.holder(connection, stream)
                .map(held -> new SourceFacts.Producer(
                        held.pid(), held.role(), held.application(), held.address(), held.since()));
        return new SourceFacts(now(connection), captured(connection, table), publishing, producer);
    }

    private Optional<SourceFacts.Publishing> publishing(Connection connection, ChangeTable table) throws SQLException {
        Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        UnpublishedChanges waiting = UnpublishedChanges.measure(
                connection, table.name(), stored.get().checkpoint(), MOST_WAITING);
        return Optional.of(new SourceFacts.Publishing(
                new Count(waiting.changes(), waiting.more() ? Count.Precision.AT_LEAST : Count.Precision.EXACT),
                waiting.oldest(),
                stored.get().pause()));
    }

    private static Count captured(Connection connection, ChangeTable table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM (SELECT FROM " + table.name() + " LIMIT " + MOST_COUNTED + ") counted")) {
            row.next();
            long counted = row.getLong(1);
            return counted < MOST_COUNTED ? Count.exact(counted) : new Count(counted, Count.Precision.AT_LEAST);
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
