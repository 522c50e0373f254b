package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.tables.KeyCatalog;
import io.rowrelay.admin.tables.KeyedTable;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.jdbc.Rehearsal;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.TopicRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows that dead letters are about, as they are now in both databases. Writes nothing that lasts. Not thread-safe. */
final class RelatedRows {
    private final PatientSessions source;
    private final String sourceTable;
    private final PatientSessions destination;
    private final String destinationTable;
    private final String stream;

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

    RelatedRows(
            PatientSessions source,
            String sourceTable,
            PatientSessions destination,
            String destinationTable,
            String stream) {
        this.source = source;
        this.sourceTable = sourceTable;
        this.destination = destination;
        this.destinationTable = destinationTable;
        this.stream = stream;
    }

    /** The columns of a JSON object, each with its value as text (null for null), in their order; empty when the text is none. */
    Optional<Map<String, @Nullable String>> columns(String json) throws OutageException {
        try (Connection connection = destination.get();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT key, value FROM json_each_text(?::json) WITH ORDINALITY ORDER BY ordinality")) {
            statement.setString(1, json);
            Map<String, @Nullable String> columns = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.put(row.getString(1), row.getString(2));
                }
            }
            return Optional.of(columns);
        } catch (SQLException failure) {
            if (SqlFailures.mayBeRejection(failure)) {
                return Optional.empty();
            }
            throw SqlFailures.outage("reading a dead letter", failure);
        }
    }

    /** The row that the key names in the destination. */
    Present inDestination(String key) throws OutageException {
        try (Connection connection = destination.get()) {
            return new RowLookup(connection, KeyCatalog.read(connection, destinationTable)).fenced(key, stream);
        } catch (SQLException failure) {
            throw SqlFailures.outage("looking for a row of " + destinationTable, failure);
        }
    }

    /** The row that the key names in the source, which may be out of reach from here: then only this is not known. */
    Present inSource(String key) {
        try (Connection connection = source.get()) {
            return new RowLookup(connection, KeyCatalog.read(connection, sourceTable)).row(key);
        } catch (SQLException failure) {
            return Present.unknown("cannot be asked: " + SqlFailures.describe(failure));
        } catch (CommandFailedException noTable) {
            return Present.unknown("cannot be asked: " + noTable.getMessage());
        }
    }

    /** Tries in the destination what the consumer would do with a record of that key, and undoes it. */
    Rehearsal.Result rehearse(String key, TopicRecord record) throws OutageException {
        try (Connection connection = destination.get()) {
            KeyedTable table = KeyCatalog.read(connection, destinationTable);
            Present present = new RowLookup(connection, table).fenced(key, stream);
            return new Rehearsal(connection, destinationTable, stream, new JsonRecordReader(Optional.empty()))
                    .of(record, present.actionId());
        } catch (SQLException failure) {
            throw SqlFailures.outage("trying a dead letter in the destination", failure);
        }
    }
}
