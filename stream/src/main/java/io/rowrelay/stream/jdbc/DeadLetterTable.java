package io.rowrelay.stream.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.record.DeadLetterCounts;
import io.rowrelay.stream.record.SeenDeadLetters;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the destination knows of a stream's dead letters: which there are ({@code cdc_dead_letter_seen}), and what was done
 * about them ({@code cdc_dead_letter}). Only {@link #remember} writes.
 */
public final class DeadLetterTable {
    /** Counts the offsets {@code %s} without those about which something was done. */
    private static final String UNMARKED = """
            ((SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(%1$s) r)
             - (SELECT count(*) FROM {cdc_dead_letter} m
                WHERE m.stream = known.stream AND m.topic_id = known.topic_id
                  AND m.topic_partition = known.topic_partition AND m.record_offset <@ %1$s))""";

    /** What the topic has dropped: dead letters, and offsets that nobody has looked at before. */
    private static final String GONE = "((known.letters * int8multirange(int8range(NULL, seen.begins)))"
            + " + int8multirange(int8range(least(known.read_to, seen.begins), seen.begins)))";

    private static final String THERE =
            "((known.letters + seen.letters::int8multirange) * int8multirange(int8range(seen.begins, NULL)))";

    /** At most that many ranges; more are joined. */
    private static final String BOUNDED = "CASE WHEN (SELECT count(*) FROM unnest(%1$s)) > "
            + SeenDeadLetters.MOST_RANGES + " THEN int8multirange(range_merge(%1$s)) ELSE %1$s END";

    private static final String SEEN = "unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[])"
            + " AS seen (part, begins, from_offset, to_offset, letters, rejected)";

    private final Connection connection;
    private final String stream;

    /** The connection stays the caller's. */
    public DeadLetterTable(Connection connection, String stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** Where reading the topic of that identity ended, by partition. */
    public Map<Integer, Long> readTo(String topicId) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(
                connection,
                "SELECT topic_partition, read_to FROM {cdc_dead_letter_seen} WHERE stream = ? AND topic_id = ?")) {
            statement.setString(1, stream);
            statement.setString(2, topicId);
            Map<Integer, Long> readTo = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    readTo.put(row.getInt(1), row.getLong(2));
                }
            }
            return readTo;
        }
    }

    /** The streams besides this one of which something is known about the topic of that identity. */
    public List<String> otherStreams(String topicId) throws SQLException {
        return Query.list(connection, """
                SELECT stream FROM {cdc_dead_letter_seen} WHERE stream <> ? AND topic_id = ?
                UNION SELECT stream FROM {cdc_dead_letter} WHERE stream <> ? AND topic_id = ? ORDER BY 1""", row -> row.getString(1), stream, topicId, stream, topicId);
    }

    /**
     * Notes what was read. If two consumers read the same, the second one changes nothing. Dead letters that the topic has
     * dropped before anything was done about them are counted as lost.
     */
    public void remember(String topicId, List<SeenDeadLetters> letters) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(
                connection,
                "UPDATE {cdc_dead_letter_seen} known SET letters = " + BOUNDED.formatted(THERE)
                        + ", read_to = seen.to_offset,"
                        + " rejected = known.rejected + seen.rejected, lost = known.lost + "
                        + UNMARKED.formatted(GONE) + " FROM " + SEEN
                        + " WHERE known.stream = ? AND known.topic_id = ? AND known.topic_partition = seen.part"
                        + " AND known.read_to <= seen.from_offset"
                        + " AND (seen.to_offset > known.read_to OR known.letters && int8range(NULL, seen.begins))")) {
            int parameter = set(statement, 1, letters);
            statement.setString(parameter, stream);
            statement.setString(parameter + 1, topicId);
            statement.executeUpdate();
        }
        try (PreparedStatement statement = RolePath.prepare(connection, """
                INSERT INTO {cdc_dead_letter_seen} (topic_partition, read_to, letters, rejected, stream, topic_id)
                SELECT seen.part, seen.to_offset, seen.letters::int8multirange, seen.rejected, mine.stream, mine.topic_id
                FROM %s CROSS JOIN (VALUES (?, ?)) AS mine (stream, topic_id)
                ON CONFLICT DO NOTHING""".formatted(SEEN))) {
            int parameter = set(statement, 1, letters);
            statement.setString(parameter, stream);
            statement.setString(parameter + 1, topicId);
            statement.executeUpdate();
        }
    }

    /**
     * Counts.
     *
     * @param topicId the identity of the dead-letter topic; empty when there is none
     * @param letters of each partition, what was read beyond what is remembered
     */
    public DeadLetterCounts count(String topicId, List<SeenDeadLetters> letters) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, """
                WITH known AS (
                    SELECT k.stream, k.topic_id, k.topic_partition, k.read_to, k.letters, k.rejected, k.lost
                    FROM {cdc_dead_letter_seen} k
                    WHERE k.stream = ?
                    UNION ALL
                    SELECT mine.stream, mine.topic_id, s.part, s.begins, '{}', 0, 0
                    FROM %1$s CROSS JOIN (VALUES (?, ?)) AS mine (stream, topic_id)
                    WHERE NOT EXISTS (SELECT FROM {cdc_dead_letter_seen} k WHERE k.stream = mine.stream AND k.topic_id = mine.topic_id
                                      AND k.topic_partition = s.part))
                SELECT coalesce(sum(%2$s), 0), coalesce(sum(known.lost + %3$s), 0),
                       coalesce(sum(known.rejected
                                    + CASE WHEN known.read_to <= seen.from_offset THEN seen.rejected ELSE 0 END), 0)
                FROM known LEFT JOIN %4$s ON known.topic_id = ? AND seen.part = known.topic_partition""".formatted(
                        SEEN.replace("AS seen", "AS s"),
                        UNMARKED.formatted(where("'{}'::int8multirange", THERE)),
                        // All those of a topic that is not there any more are gone.
                        UNMARKED.formatted(where("known.letters", GONE)),
                        SEEN))) {
            statement.setString(1, stream);
            int parameter = set(statement, 2, letters);
            statement.setString(parameter++, stream);
            statement.setString(parameter++, topicId);
            parameter = set(statement, parameter, letters);
            statement.setString(parameter, topicId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new DeadLetterCounts(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    /** A range of nulls is one without bounds, so it has to be asked whether the topic is there. */
    private static String where(String noTopic, String topic) {
        return "CASE WHEN seen.part IS NULL THEN " + noTopic + " ELSE " + topic + " END";
    }

    private int set(PreparedStatement statement, int first, List<SeenDeadLetters> letters) throws SQLException {
        statement.setArray(first, array("int4", letters, SeenDeadLetters::partition));
        statement.setArray(first + 1, array("int8", letters, SeenDeadLetters::begin));
        statement.setArray(first + 2, array("int8", letters, SeenDeadLetters::from));
        statement.setArray(first + 3, array("int8", letters, SeenDeadLetters::to));
        statement.setArray(first + 4, array("text", letters, SeenDeadLetters::letters));
        statement.setArray(first + 5, array("int8", letters, SeenDeadLetters::rejected));
        return first + 6;
    }

    private Array array(String type, List<SeenDeadLetters> letters, Function<SeenDeadLetters, Object> part)
            throws SQLException {
        return connection.createArrayOf(type, letters.stream().map(part).toArray());
    }
}
