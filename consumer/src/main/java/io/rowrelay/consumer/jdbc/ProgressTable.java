package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DestinationBehindException;
import io.rowrelay.consumer.apply.PartitionProgress;
import io.rowrelay.consumer.apply.Stretch;
import io.rowrelay.stream.table.jdbc.TableCatalog;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream's rows in cdc_progress. The caller commits. Not thread-safe. */
final class ProgressTable {
    /**
     * Moves rows on from where they were last seen. While any transaction is open that began earlier, perhaps for an hour, none
     * of a row's old versions can be removed, and a look through the key would visit all of them. Nothing here may serve
     * another plan than the look at the place. That, unlike one through an index, leaves old versions that can be removed where
     * they are, so one page is read as a whole: mostly that of all the rows.
     */
    private static final String MOVE_ON = """
                UPDATE cdc_progress p
                SET next_offset = stretch.next%s, updated_at = clock_timestamp()
                FROM unnest(?::tid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::int[])
                    AS stretch (place, part, topic_id, first, next, epoch)
                WHERE p.ctid = stretch.place
                  AND (p.stream, p.topic_partition) IS NOT DISTINCT FROM (?, stretch.part)
                  AND p.topic_id = stretch.topic_id AND p.next_offset = stretch.first
                  AND (SELECT count(*) FROM cdc_progress WHERE ctid >= ?::tid AND ctid < ?::tid) >= 0
                RETURNING p.topic_partition, p.ctid::text""";

    /**
     * What is read again moves no place, so a crash of the server would leave no hole behind: such a commit waits for the
     * disk.
     */
    private static final String LOOK_UP_AND_MOVE = """
                WITH stretch AS MATERIALIZED (
                    SELECT s.*, p.next_offset AS stored,
                           CASE WHEN p.next_offset > s.first THEN set_config('synchronous_commit', 'on', true) END
                    FROM unnest(?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::int[])
                        AS s (part, topic_id, first, next, epoch)
                    LEFT JOIN cdc_progress p
                        ON p.stream = ? AND p.topic_partition = s.part AND p.topic_id = s.topic_id
                ), moved AS (
                    UPDATE cdc_progress p
                    SET next_offset = greatest(p.next_offset, stretch.next)%s, updated_at = clock_timestamp()
                    FROM stretch
                    WHERE p.stream = ? AND p.topic_partition = stretch.part AND p.topic_id = stretch.topic_id
                      AND p.next_offset >= stretch.first
                      -- Without a mark there is nothing to compare.
                      AND coalesce(p.updated_at = ?::timestamptz, true)
                    RETURNING stretch.part, p.ctid::text AS place
                )
                SELECT part, place, stored FROM stretch LEFT JOIN moved USING (part)""";

    private static final Logger LOG = LoggerFactory.getLogger(ProgressTable.class);

    private final String stream;
    /** Where in the table each partition's row was last seen. A hint: what is not there any more is looked up. */
    private final Map<Integer, String> seen = new HashMap<>();
    /** Whether the table keeps the leader epoch: one of before does not. */
    private boolean epochs = true;

    ProgressTable(String stream) {
        this.stream = stream;
    }

    String stream() {
        return stream;
    }

    /** Should somebody have added a second row for a partition, the one that says less counts. */
    Map<Integer, PartitionProgress> load(Connection connection) throws SQLException {
        lookForEpochs(connection);
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT topic_partition, topic_id, next_offset, ctid::text, (to_jsonb(p) ->> 'leader_epoch')::int
                FROM cdc_progress p WHERE stream = ? ORDER BY next_offset DESC""")) {
            statement.setString(1, stream);
            return read(statement);
        }
    }

    private void lookForEpochs(Connection connection) throws SQLException {
        boolean there = TableCatalog.find(connection, "cdc_progress")
                .flatMap(table -> table.column("leader_epoch"))
                .isPresent();
        if (epochs && !there) {
            LOG.warn("cdc_progress has no column leader_epoch: a topic that lost its tail and grew again would not be"
                    + " noticed; run sql/destination/*.sql again in the destination, then restart the consumer");
        }
        epochs = there;
    }

    private String withEpoch(String sql, String assignment) {
        return sql.formatted(epochs ? assignment : "");
    }

    /** Whether all of {@code places} are finished here: asked where the rows were last seen, and of the key only if need be. */
    boolean covers(Connection connection, List<PartitionProgress> places) throws SQLException {
        return PartitionProgress.cover(whereSeen(connection), places)
                || PartitionProgress.cover(load(connection), places);
    }

    private Map<Integer, PartitionProgress> whereSeen(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT p.topic_partition, p.topic_id, p.next_offset, p.ctid::text, (to_jsonb(p) ->> 'leader_epoch')::int
                FROM unnest(?::tid[], ?::int[]) AS seen (place, part)
                JOIN cdc_progress p ON p.ctid = seen.place
                WHERE (p.stream, p.topic_partition) IS NOT DISTINCT FROM (?, seen.part)""")) {
            List<Integer> partitions = List.copyOf(seen.keySet());
            statement.setArray(1, array(connection, "text", partitions, seen::get));
            statement.setArray(2, array(connection, "int4", partitions, partition -> partition));
            statement.setString(3, stream);
            return read(statement);
        }
    }

    private Map<Integer, PartitionProgress> read(PreparedStatement statement) throws SQLException {
        Map<Integer, PartitionProgress> stored = new HashMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                int partition = row.getInt(1);
                Optional<Integer> epoch = Optional.ofNullable(row.getObject(5, Integer.class));
                stored.put(partition, new PartitionProgress(partition, row.getString(2), row.getLong(3), epoch));
                seen.put(partition, row.getString(4));
            }
        }
        return stored;
    }

    /** Nothing but this lock keeps two consumers from both adding a row for one partition: see sql/destination/12_cdc_progress.sql. */
    void correct(Connection connection, List<PartitionProgress> places) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                // A place that was wrong must not come back with a crash of the server.
                "SELECT set_config('synchronous_commit', 'on', true), pg_advisory_xact_lock(hashtext(?), 0)")) {
            statement.setString(1, "rowrelay progress of stream " + stream);
            statement.execute();
        }
        correct(connection, places, withEpoch("""
                UPDATE cdc_progress p
                SET topic_id = place.topic_id, next_offset = place.next_offset%s, updated_at = clock_timestamp()
                FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[]) AS place (part, topic_id, next_offset, epoch)
                WHERE p.stream = ? AND p.topic_partition = place.part""", ", leader_epoch = place.epoch"));
        // A new row has no leader epoch: nothing of it has been read.
        correct(connection, places, """
                INSERT INTO cdc_progress (topic_partition, topic_id, next_offset, stream)
                SELECT place.part, place.topic_id, place.next_offset, mine.stream
                FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[]) AS place (part, topic_id, next_offset, epoch)
                CROSS JOIN (VALUES (?)) AS mine (stream)
                WHERE NOT EXISTS (SELECT FROM cdc_progress p
                                  WHERE p.stream = mine.stream AND p.topic_partition = place.part)""");
    }

    private void correct(Connection connection, List<PartitionProgress> places, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array(connection, "int4", places, PartitionProgress::partition));
            statement.setArray(2, array(connection, "text", places, PartitionProgress::topicId));
            statement.setArray(3, array(connection, "int8", places, PartitionProgress::nextOffset));
            statement.setArray(
                    4,
                    array(
                            connection,
                            "int4",
                            places,
                            place -> place.leaderEpoch().orElse(null)));
            statement.setString(5, stream);
            statement.executeUpdate();
        }
    }

    /**
     * Notes beside the changes of stretches that they are applied though not finished; {@code mark} is told what to show when
     * they are. A destination that has lost the changes has lost the note as well.
     */
    void mark(RoundTrips trips, List<Stretch> stretches, Consumer<String> mark) throws SQLException, OutageException {
        trips.add(
                "WITH marked AS (UPDATE cdc_progress SET updated_at = now() WHERE stream = ? AND topic_partition = ANY (?))"
                        + " SELECT now()::text",
                0,
                (statement, first) -> {
                    statement.setString(first, stream);
                    statement.setArray(
                            first + 1, array(statement.getConnection(), "int4", stretches, Stretch::partition));
                    return first + 2;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        row.next();
                        mark.accept(row.getString(1));
                    }
                });
    }

    /**
     * Moves on, after what else waits for the next trip. A stretch may begin before the place that is stored, when records are
     * read again; one that begins after it leaves a hole, which is the sign of a restored destination. Stretches come sorted, so
     * that two batches cannot wait for each other in a circle.
     */
    void advance(RoundTrips trips, List<Stretch> stretches, @Nullable String mark)
            throws SQLException, OutageException {
        List<Stretch> left = new ArrayList<>(stretches);
        if (mark == null
                && !left.isEmpty()
                && left.stream().allMatch(stretch -> seen.containsKey(stretch.partition()))) {
            moveOn(trips, left);
            trips.send();
        }
        if (!left.isEmpty()) {
            lookUpAndMove(trips, left, mark);
        }
        trips.send();
    }

    /** Leaves those stretches over whose row is not where it was, or does not say what is expected. */
    private void moveOn(RoundTrips trips, List<Stretch> left) throws SQLException, OutageException {
        List<Stretch> all = List.copyOf(left);
        trips.add(
                withEpoch(MOVE_ON, ", leader_epoch = stretch.epoch"),
                0,
                (statement, first) -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(first, array(connection, "text", all, stretch -> seen.get(stretch.partition())));
                    int parameter = setStretches(statement, first + 1, all);
                    statement.setString(parameter++, stream);
                    long page = page(all.get(0).partition());
                    statement.setString(parameter++, "(" + page + ",0)");
                    statement.setString(parameter++, "(" + (page + 1) + ",0)");
                    return parameter;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        while (row.next()) {
                            int partition = row.getInt(1);
                            seen.put(partition, row.getString(2));
                            left.removeIf(stretch -> stretch.partition() == partition);
                        }
                    }
                });
    }

    private long page(int partition) {
        String place = Objects.requireNonNull(seen.get(partition));
        return Long.parseLong(place.substring(1, place.indexOf(',')));
    }

    private void lookUpAndMove(RoundTrips trips, List<Stretch> stretches, @Nullable String mark)
            throws SQLException, OutageException {
        trips.add(
                // The leader epoch belongs to the offset that stays.
                withEpoch(
                        LOOK_UP_AND_MOVE,
                        ", leader_epoch = CASE WHEN stretch.next >= p.next_offset THEN stretch.epoch ELSE p.leader_epoch END"),
                0,
                (statement, first) -> {
                    int parameter = setStretches(statement, first, stretches);
                    statement.setString(parameter++, stream);
                    statement.setString(parameter++, stream);
                    statement.setString(parameter++, mark);
                    return parameter;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        while (row.next()) {
                            String place = row.getString(2);
                            if (place == null) {
                                refuse(stretches, row);
                            }
                            seen.put(row.getInt(1), place);
                        }
                    }
                });
    }

    private static int setStretches(PreparedStatement statement, int first, List<Stretch> stretches)
            throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(first, array(connection, "int4", stretches, Stretch::partition));
        statement.setArray(first + 1, array(connection, "text", stretches, Stretch::topicId));
        statement.setArray(first + 2, array(connection, "int8", stretches, Stretch::from));
        statement.setArray(first + 3, array(connection, "int8", stretches, Stretch::to));
        statement.setArray(
                first + 4,
                array(
                        connection,
                        "int4",
                        stretches,
                        stretch -> stretch.leaderEpoch().orElse(null)));
        return first + 5;
    }

    private static void refuse(List<Stretch> stretches, ResultSet row) throws SQLException, OutageException {
        int partition = row.getInt(1);
        long next = row.getLong(3);
        boolean nothing = row.wasNull();
        for (Stretch stretch : stretches) {
            if (stretch.partition() == partition) {
                String known = nothing
                        ? "nothing of this topic"
                        : "what comes before offset " + next
                                + (next < stretch.from() ? "" : ", but no longer what was applied after it");
                throw new DestinationBehindException(stretch, known);
            }
        }
    }

    private static <T> Array array(
            Connection connection, String type, List<T> rows, Function<T, @Nullable Object> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).toArray());
    }
}
