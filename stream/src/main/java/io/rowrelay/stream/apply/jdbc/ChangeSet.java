package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.TombstoneKey;
import io.rowrelay.stream.record.ValidChange;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes that one statement carries.
 *
 * @param statement that writes them
 * @param changes of distinct keys, with the same columns
 */
public record ChangeSet(WriteStatement statement, List<ValidChange> changes) {

    /** The records as a JSON array, and the statement that takes it. */
    JsonForm json() {
        boolean raw = changes.stream().anyMatch(change -> statement.needsRaw(change.json()));
        List<byte[]> records = changes.stream()
                .map(change -> raw ? statement.rewritten(change.json()) : change.json())
                .toList();
        return new JsonForm(raw ? statement.rawJson() : statement.json(), RecordArray.of(records));
    }

    /**
     * Records in a form that carries everything.
     *
     * @param statement that takes them
     * @param array the records
     */
    record JsonForm(WriteStatement.Json statement, RecordArray array) {}

    /** As the tombstones have them. */
    String[] keys() {
        return changes.stream().map(ValidChange::key).map(TombstoneKey::of).toArray(String[]::new);
    }

    /**
     * Writes them in the fastest form that carries them. Before them in the same transaction go {@code deletions}, of other keys;
     * {@code effective} gets the number that took effect.
     */
    public void write(RoundTrips trips, String stream, List<ValidChange> deletions, IntConsumer effective)
            throws SQLException, OutageException {
        Optional<String> arrays = statement.arrays();
        boolean plain = arrays.isPresent() && changes.stream().allMatch(change -> change.texts() != null);
        if (plain) {
            trips.add(
                    arrays.get(),
                    bytes(),
                    (sent, first) -> setArrays(sent, first, stream, deletions),
                    answered -> effective.accept(answered.getUpdateCount()));
        } else {
            JsonForm json = json();
            trips.add(
                    json.statement().sql(),
                    json.array().bytes().length,
                    (sent, first) -> setJson(sent, first, json, stream),
                    answered -> effective.accept(answered.getUpdateCount()));
        }
    }

    /** The same at once, in the form that carries everything; returns how many took effect. */
    public int writeJson(Connection connection, String stream) throws SQLException {
        JsonForm json = json();
        try (PreparedStatement sent =
                RolePath.prepare(connection, json.statement().sql())) {
            setJson(sent, 1, json, stream);
            return sent.executeUpdate();
        }
    }

    private long bytes() {
        return changes.stream().mapToLong(change -> change.json().length).sum();
    }

    private int setJson(PreparedStatement sent, int first, JsonForm json, String stream) throws SQLException {
        int parameter = first;
        sent.setBytes(parameter++, json.array().bytes());
        if (!statement.fenced()) {
            return parameter;
        }
        sent.setArray(parameter++, sent.getConnection().createArrayOf("text", keys()));
        sent.setString(parameter++, stream);
        return parameter;
    }

    private int setArrays(PreparedStatement arrays, int first, String stream, List<ValidChange> deletions)
            throws SQLException {
        Connection connection = arrays.getConnection();
        int parameter = first;
        @Nullable String[][] texts = texts();
        for (int column = 0; column < texts.length; column++) {
            Array values = connection.createArrayOf("text", texts[column]);
            if (statement.columns().get(column).column().type().isEnum()) {
                arrays.setObject(parameter++, values.toString(), Types.OTHER);
            } else {
                arrays.setArray(parameter++, values);
            }
        }
        if (!statement.fenced()) {
            return parameter;
        }
        Long[] actionIds = changes.stream().map(ValidChange::actionId).toArray(Long[]::new);
        arrays.setArray(parameter++, connection.createArrayOf("int8", actionIds));
        arrays.setArray(parameter++, connection.createArrayOf("text", keys()));
        if (statement.looksFirst()) {
            long oldest =
                    changes.stream().mapToLong(ValidChange::actionId).min().orElse(0);
            // Each of them has left one tombstone at least as new as it is, of a key that is not among these.
            long others = deletions.stream()
                    .filter(deletion -> deletion.actionId() >= oldest)
                    .count();
            arrays.setString(parameter++, stream);
            arrays.setLong(parameter++, oldest);
            arrays.setLong(parameter++, others);
        }
        arrays.setString(parameter++, stream);
        return parameter;
    }

    /** An array for each column of the statement. */
    private @Nullable String[][] texts() {
        @Nullable String[][] texts = new String[statement.columns().size()][changes.size()];
        int[] positions = new int[texts.length];
        List<String> known = List.of();
        for (int i = 0; i < changes.size(); i++) {
            ValidChange change = changes.get(i);
            List<String> names = change.columns();
            // Mostly the very same list: only the order can differ.
            if (names != known) {
                known = names;
                for (int column = 0; column < positions.length; column++) {
                    positions[column] =
                            names.indexOf(statement.columns().get(column).member());
                }
            }
            List<@Nullable String> values = change.texts();
            for (int column = 0; column < positions.length && values != null; column++) {
                // A member that is not there is null, as in JSON.
                texts[column][i] = positions[column] < 0 ? null : values.get(positions[column]);
            }
        }
        return texts;
    }
}
