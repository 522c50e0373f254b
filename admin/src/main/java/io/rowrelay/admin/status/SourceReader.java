package io.rowrelay.admin.status;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.checkpoint.jdbc.CheckpointReader;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.UnpublishedChanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads what the source knows of a stream. */
final class SourceReader {
    /** Counting more would take longer than anybody wants to wait; what the server estimates can be far off. */
    private static final long MOST = 1_000_000;

    private SourceReader() {}

    static SourceStatus read(Database source, AdminSettings settings) throws OutageException {
        String stream = settings.stream().name();
        return source.read("looking at stream " + stream, connection -> {
            InstalledVersion.SOURCE.require(connection);
            ChangeTable table = ChangeTableCatalog.read(connection, settings.sourceTable(), settings.changeTable());
            Optional<SourceStatus.Publishing> publishing = publishing(connection, table, stream);
            Optional<StreamLock.Holder> producer = StreamLock.ofProducer(stream).holder(connection);
            return new SourceStatus(now(connection), captured(connection, table), publishing, producer);
        });
    }

    private static Optional<SourceStatus.Publishing> publishing(Connection connection, ChangeTable table, String stream)
            throws SQLException {
        Optional<StoredCheckpoint> stored = CheckpointReader.read(connection, stream);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        UnpublishedChanges waiting = UnpublishedChanges.measure(
                connection, table.name(), stored.get().checkpoint(), MOST);
        return Optional.of(new SourceStatus.Publishing(
                waiting.more() ? Count.atLeast(waiting.changes()) : Count.exact(waiting.changes()),
                waiting.oldest(),
                stored.get().pause()));
    }

    private static Count captured(Connection connection, ChangeTable table) throws SQLException {
        long counted = Query.one(
                connection,
                "SELECT count(*) FROM (SELECT FROM " + table.name() + " LIMIT " + MOST + ") counted",
                row -> row.getLong(1));
        return counted < MOST ? Count.exact(counted) : Count.atLeast(counted);
    }

    private static Instant now(Connection connection) throws SQLException {
        return Query.one(
                connection,
                "SELECT clock_timestamp()",
                row -> row.getObject(1, OffsetDateTime.class).toInstant());
    }
}
