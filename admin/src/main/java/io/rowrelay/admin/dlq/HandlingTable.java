package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.kafka.DeadLetterLook;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was done about the letters of a dead-letter topic, in the table cdc_dead_letter: Kafka cannot take a single record out of it. */
final class HandlingTable {
    private final PatientSessions destination;
    private final String stream;

    HandlingTable(PatientSessions destination, String stream) {
        this.destination = destination;
        this.stream = stream;
    }

    /** All of a topic, which is told by its identity and not by its name. */
    Map<DeadLetterId, Handling> of(String topicId) throws OutageException {
        try (Connection connection = destination.get();
                PreparedStatement statement = connection.prepareStatement("""
                        SELECT topic_partition, record_offset, state, replays FROM cdc_dead_letter
                        WHERE stream = ? AND topic_id = ?""")) {
            statement.setString(1, stream);
            statement.setString(2, topicId);
            Map<DeadLetterId, Handling> marks = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Handling.State state = Handling.State.of(row.getString(3));
                    marks.put(new DeadLetterId(row.getInt(1), row.getLong(2)), new Handling(state, row.getInt(4)));
                }
            }
            return marks;
        } catch (SQLException failure) {
            throw outage("reading what was done about dead letters", failure);
        }
    }

    /** The streams besides this one whose consumers have looked for letters on the topic, or whose letters were dealt with. */
    List<String> otherStreams(String topicId) throws OutageException {
        try (Connection connection = destination.get()) {
            return DeadLetterTable.of(connection, stream).otherStreams(topicId);
        } catch (SQLException failure) {
            throw outage("reading whose dead letters are known", failure);
        }
    }

    /** Counts a replay of each letter. */
    void replayed(String topicId, Collection<DeadLetterId> letters) throws OutageException {
        write(topicId, letters, """
                INSERT INTO cdc_dead_letter AS known (stream, topic_id, topic_partition, record_offset, state, replays)
                SELECT ?, ?, place, number, 'replayed', 1 FROM unnest(?::int[], ?::bigint[]) AS letter(place, number)
                ON CONFLICT (stream, topic_id, topic_partition, record_offset) DO UPDATE
                SET state = 'replayed', replays = known.replays + 1, at = clock_timestamp(), by = session_user""");
    }

    /** Notes that nothing is to be done about the letters. */
    void discarded(String topicId, Collection<DeadLetterId> letters) throws OutageException {
        write(topicId, letters, """
                INSERT INTO cdc_dead_letter (stream, topic_id, topic_partition, record_offset, state)
                SELECT ?, ?, place, number, 'discarded' FROM unnest(?::int[], ?::bigint[]) AS letter(place, number)
                ON CONFLICT (stream, topic_id, topic_partition, record_offset) DO NOTHING""");
    }

    /**
     * Forgets letters that the topic does not hold any more: all before the offsets, by partition. What the topic drops of
     * letters that are done is not lost, so both are forgotten together.
     */
    void forget(String topicId, Map<Integer, Long> before) throws OutageException {
        update("forgetting dead letters", before, """
                UPDATE cdc_dead_letter_seen known
                SET letters = known.letters * int8multirange(int8range(topic.begins, NULL)),
                    read_to = greatest(known.read_to, topic.begins)
                FROM unnest(?::int[], ?::bigint[]) AS topic(part, begins)
                WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = topic.part""", topicId);
        write(
                topicId,
                before.entrySet().stream()
                        .map(place -> new DeadLetterId(place.getKey(), place.getValue()))
                        .toList(),
                """
                DELETE FROM cdc_dead_letter known
                USING (SELECT ?, ?) AS topic(stream, id), unnest(?::int[], ?::bigint[]) AS letter(place, number)
                WHERE known.stream = topic.stream AND known.topic_id = topic.id
                  AND known.topic_partition = letter.place AND known.record_offset < letter.number""");
    }

    /** Counts no more the letters that the topic dropped before anything was done about them, nor any of an earlier topic. */
    void forgetLost(DeadLetterLook.Span topic) throws OutageException {
        update("forgetting lost dead letters", topic.begins(), """
                UPDATE cdc_dead_letter_seen known
                SET lost = 0, letters = known.letters * int8multirange(int8range(topic.begins, NULL)),
                    read_to = greatest(known.read_to, topic.begins)
                FROM unnest(?::int[], ?::bigint[]) AS topic(part, begins)
                WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = topic.part""", topic.topicId());
        update("forgetting dead letters of an earlier topic", topic.begins(), """
                WITH topic AS (SELECT ?::int[], ?::bigint[])
                UPDATE cdc_dead_letter_seen SET lost = 0, letters = '{}' WHERE stream = ? AND topic_id <> ?""", topic.topicId());
    }

    /** Where sql/destination is of before the table, there is nothing to update. */
    private void update(String work, Map<Integer, Long> offsets, String sql, String topicId) throws OutageException {
        List<Integer> partitions = List.copyOf(offsets.keySet());
        try (Connection connection = destination.get()) {
            if (!DeadLetterTable.of(connection, stream).canRemember()) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("int4", partitions.toArray()));
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "int8", partitions.stream().map(offsets::get).toArray()));
                statement.setString(3, stream);
                statement.setString(4, topicId);
                statement.executeUpdate();
            }
        } catch (SQLException failure) {
            throw SqlFailures.outage(work, failure);
        }
    }

    private void write(String topicId, Collection<DeadLetterId> letters, String sql) throws OutageException {
        if (letters.isEmpty()) {
            return;
        }
        try (Connection connection = destination.get();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, stream);
            statement.setString(2, topicId);
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "int4",
                            letters.stream().map(DeadLetterId::partition).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "int8", letters.stream().map(DeadLetterId::offset).toArray()));
            statement.executeUpdate();
        } catch (SQLException failure) {
            throw outage("noting what was done about dead letters", failure);
        }
    }

    private static OutageException outage(String work, SQLException failure) {
        if (SqlFailures.isMissingTable(failure)) {
            throw new CommandFailedException(
                    "the destination has no table cdc_dead_letter: run sql/destination/*.sql once more, which is harmless");
        }
        return SqlFailures.outage(work, failure);
    }
}
