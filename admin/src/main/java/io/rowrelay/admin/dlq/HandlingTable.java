package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.DeadLetterTable;
import io.rowrelay.stream.kafka.DeadLetterLook;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers in the destination's tables cdc_dead_letter and cdc_dead_letter_seen which dead letters of a topic were replayed
 * or discarded, because Kafka cannot delete a single record of a topic.
 */
record HandlingTable(Database destination, String stream) {

    /** All of a topic, by its identity and not by its name. */
    Map<DeadLetterId, Handling> of(String topicId) throws OutageException {
        return destination.change("reading what was done about dead letters", connection -> {
            Map<DeadLetterId, Handling> all = new HashMap<>();
            Query.list(
                    connection,
                    """
                    SELECT topic_partition, record_offset, state, replays FROM {cdc_dead_letter}
                    WHERE stream = ? AND topic_id = ?""",
                    row -> all.put(
                            new DeadLetterId(row.getInt(1), row.getLong(2)),
                            new Handling(Handling.State.of(row.getString(3)), row.getInt(4))),
                    stream,
                    topicId);
            return all;
        });
    }

    /**
     * The streams besides this one whose consumers have looked for dead letters on the topic, or whose dead letters were
     * replayed or discarded.
     */
    List<String> otherStreams(String topicId) throws OutageException {
        return destination.change(
                "reading whose dead letters are known",
                connection -> new DeadLetterTable(connection, stream).otherStreams(topicId));
    }

    /** Counts a replay of each dead letter. */
    void replayed(String topicId, Collection<DeadLetterId> letters) throws OutageException {
        note(topicId, letters, """
                INSERT INTO {cdc_dead_letter} AS known (stream, topic_id, topic_partition, record_offset, state, replays)
                SELECT ?, ?, part, number, 'replayed', 1 FROM unnest(?::int[], ?::bigint[]) AS letter(part, number)
                ON CONFLICT (stream, topic_id, topic_partition, record_offset) DO UPDATE
                SET state = 'replayed', replays = known.replays + 1, at = clock_timestamp(), by = session_user""");
    }

    /** Notes that nothing is to be done about the dead letters. */
    void discarded(String topicId, Collection<DeadLetterId> letters) throws OutageException {
        note(topicId, letters, """
                INSERT INTO {cdc_dead_letter} (stream, topic_id, topic_partition, record_offset, state)
                SELECT ?, ?, part, number, 'discarded' FROM unnest(?::int[], ?::bigint[]) AS letter(part, number)
                ON CONFLICT (stream, topic_id, topic_partition, record_offset) DO NOTHING""");
    }

    private void note(String topicId, Collection<DeadLetterId> letters, String sql) throws OutageException {
        if (letters.isEmpty()) {
            return;
        }
        destination.change(
                "noting what was done about dead letters",
                connection -> Query.update(
                        connection,
                        sql,
                        stream,
                        topicId,
                        letters.stream().map(DeadLetterId::partition).toArray(Integer[]::new),
                        letters.stream().map(DeadLetterId::offset).toArray(Long[]::new)));
    }

    /**
     * Forgets dead letters that the topic does not hold any more: all before the offsets, by partition. Those that were
     * replayed or discarded are not lost when the topic drops them, so both are forgotten together.
     */
    void forget(String topicId, Map<Integer, Long> before) throws OutageException {
        destination.change("forgetting dead letters", connection -> {
            update(connection, topicId, before, """
                    UPDATE {cdc_dead_letter_seen} known
                    SET letters = known.letters * int8multirange(int8range(topic.begins, NULL)),
                        read_to = greatest(known.read_to, topic.begins)
                    FROM unnest(?::int[], ?::bigint[]) AS topic(part, begins)
                    WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = topic.part""");
            return update(connection, topicId, before, """
                    DELETE FROM {cdc_dead_letter} known
                    USING unnest(?::int[], ?::bigint[]) AS topic(part, begins)
                    WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = topic.part
                      AND known.record_offset < topic.begins""");
        });
    }

    /**
     * Stops counting the dead letters that the topic dropped before anything was done about them, and those of an earlier
     * topic.
     */
    void forgetLost(DeadLetterLook.Span topic) throws OutageException {
        destination.change("forgetting lost dead letters", connection -> {
            update(connection, topic.topicId(), topic.begins(), """
                    UPDATE {cdc_dead_letter_seen} known
                    SET lost = 0, letters = known.letters * int8multirange(int8range(topic.begins, NULL)),
                        read_to = greatest(known.read_to, topic.begins)
                    FROM unnest(?::int[], ?::bigint[]) AS topic(part, begins)
                    WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = topic.part""");
            return Query.update(
                    connection,
                    "UPDATE {cdc_dead_letter_seen} SET lost = 0, letters = '{}' WHERE stream = ? AND topic_id <> ?",
                    stream,
                    topic.topicId());
        });
    }

    private int update(Connection connection, String topicId, Map<Integer, Long> offsets, String sql)
            throws SQLException {
        List<Map.Entry<Integer, Long>> partitions = List.copyOf(offsets.entrySet());
        return Query.update(
                connection,
                sql,
                partitions.stream().map(Map.Entry::getKey).toArray(Integer[]::new),
                partitions.stream().map(Map.Entry::getValue).toArray(Long[]::new),
                stream,
                topicId);
    }
}
