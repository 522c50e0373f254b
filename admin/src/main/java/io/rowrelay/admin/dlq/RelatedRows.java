package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.command.Database;
import io.rowrelay.admin.tables.KeyCatalog;
import io.rowrelay.admin.tables.RowKey;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.Rehearsal;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.TopicRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows that dead letters are about, as they are now in both databases. Writes nothing that lasts. Not thread-safe.
 *
 * @param settings name the tables
 * @param source where the rows come from
 * @param destination where they go
 * @param fenced whether rows of the destination say which change they show
 */
record RelatedRows(AdminSettings settings, Database source, Database destination, boolean fenced) {

    /**
     * What there is of a key.
     *
     * @param json the row, or empty
     * @param actionId the change that the row or the tombstone shows, 0 when none does
     * @param note why nothing is known, or empty
     */
    record Present(Optional<String> json, long actionId, String note) {
        /** Nothing can be known. */
        static Present unknown(String why) {
            return new Present(Optional.empty(), 0, why);
        }
    }

    /**
     * The columns of a JSON object, each with its value as text (null for null), in their order; empty when the text is none.
     */
    Optional<Map<String, @Nullable String>> columns(String json) throws OutageException {
        return destination.read("reading a dead letter", connection -> {
            Map<String, @Nullable String> columns = new LinkedHashMap<>();
            try {
                Query.list(
                        connection,
                        "SELECT key, value FROM json_each_text(?::json) WITH ORDINALITY ORDER BY ordinality",
                        row -> columns.put(row.getString(1), row.getString(2)),
                        json);
                return Optional.of(columns);
            } catch (SQLException failure) {
                if (SqlFailures.mayBeRejection(failure)) {
                    return Optional.empty();
                }
                throw failure;
            }
        });
    }

    /** The row that the key names in the destination. */
    Present inDestination(String key) throws OutageException {
        String table = settings.destinationTable();
        String doing = "looking for a row of " + table;
        if (fenced) {
            return destination.read(
                    doing,
                    connection -> lookup(connection, table)
                            .fenced(key, settings.stream().name()));
        }
        try {
            return destination.read(
                    doing, connection -> lookup(connection, table).row(key));
        } catch (CommandFailedException failure) {
            return Present.unknown(String.valueOf(failure.getMessage()));
        }
    }

    private static RowLookup lookup(Connection connection, String table) throws SQLException {
        return new RowLookup(connection, KeyCatalog.read(connection, table));
    }

    /** The key that a text names in the source; empty where it is none of the table. */
    Optional<RowKey> keyInSource(String text) throws OutageException {
        String table = settings.sourceTable();
        return source.read(
                "reading a key of " + table,
                connection -> lookup(connection, table).key(text));
    }

    /** The row that the key names in the source, which may be out of reach from here: then only this row is unknown. */
    Present inSource(String key) {
        String table = settings.sourceTable();
        try {
            return source.read(
                    "looking for a row of " + table,
                    connection -> lookup(connection, table).row(key));
        } catch (OutageException | CommandFailedException failure) {
            return Present.unknown("cannot be asked: " + failure.getMessage());
        }
    }

    /** Tries in the destination what the consumer would do with a record of that key, and rolls it back. */
    Rehearsal.Result rehearse(String key, TopicRecord record) throws OutageException {
        long shown = inDestination(key).actionId();
        return destination.read("trying a dead letter", connection -> {
            // The session's settings must not be rolled back with the rehearsal.
            connection.setAutoCommit(true);
            return new Rehearsal(
                            connection,
                            settings.destinationTable(),
                            settings.stream().name(),
                            new JsonRecordReader(Optional.empty()))
                    .of(record, shown);
        });
    }
}
