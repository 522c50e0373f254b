package io.rowrelay.stream.progress.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.progress.DestinationBehindException;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.progress.PartitionProgress;
import io.rowrelay.stream.record.Partition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stream's rows in cdc_progress. The caller commits. Not thread-safe. */
public final class ProgressTable {
    /**
     * Updates rows at the row addresses where they were last seen. While an older transaction is open, perhaps for an hour,
     * none of a row's old versions can be removed, and a look through the key would visit all of them. The statement allows no
     * other plan than the look at the address. Unlike a look through an index, that does not remove old versions, so a whole
     * page is read: mostly the one with all the rows.
     */
    private static final String MOVE_ON = """
                UPDATE {cdc_progress} p
                SET next_offset = given.next, leader_epoch = given.epoch, updated_at = clock_timestamp()
                FROM unnest(?::tid[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::int[])
                    AS given (address, part, topic_id, first, next, epoch)
                WHERE p.ctid = given.address
                  AND (p.stream, p.topic_partition) IS NOT DISTINCT FROM (?, given.part)
                  AND p.topic_id = given.topic_id AND p.next_offset = given.first
                  AND (SELECT count(*) FROM {cdc_progress} WHERE ctid >= ?::tid AND ctid < ?::tid) >= 0
                RETURNING p.topic_partition, p.ctid::text""";

    /**
     * A batch that only holds records read again does not move the progress, so no later crash of the server could reveal
     * that its commit was lost. Such a commit therefore waits for the disk.
     */
    private static final String LOOK_UP_AND_MOVE = """
                WITH given AS MATERIALIZED (
                    SELECT s.*, p.next_offset AS stored,
                           CASE WHEN p.next_offset > s.first THEN set_config('synchronous_commit', 'on', true) END
                    FROM unnest(?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::int[])
                        AS s (part, topic_id, first, next, epoch)
                    LEFT JOIN {cdc_progress} p
                        ON p.stream = ? AND p.topic_partition = s.part AND p.topic_id = s.topic_id
                ), moved AS (
                    UPDATE {cdc_progress} p
                    SET next_offset = greatest(p.next_offset, given.next), updated_at = clock_timestamp(),
                        -- The leader epoch belongs to the offset that stays.
                        leader_epoch = CASE WHEN given.next >= p.next_offset THEN given.epoch ELSE p.leader_epoch END
                    FROM given
                    WHERE p.stream = ? AND p.topic_partition = given.part AND p.topic_id = given.topic_id
                      AND p.next_offset >= given.first
                      -- Without a stamp there is nothing to compare.
                      AND coalesce(p.updated_at = ?::timestamptz, true)
                    RETURNING given.part, p.ctid::text AS address
                )
                SELECT part, address, stored FROM given LEFT JOIN moved USING (part)""";

    private final String stream;
    private final String topic;
    private final RowAddresses addresses = new RowAddresses();

    /** Rows of the stream, whose partitions are those of the topic. */
    public ProgressTable(String stream, String topic) {
        this.stream = stream;
        this.topic = topic;
    }

    /** The stream. */
    public String stream() {
        return stream;
    }

    /** Returns what is stored. */
    public Map<Partition, PartitionProgress> load(Connection connection) throws SQLException {
        return noted(StoredProgress.read(connection, stream));
    }

    /** Whether all of {@code polled} is finished here: looks at the row addresses first, and by the key only if needed. */
    public boolean covers(Connection connection, Map<Partition, PartitionProgress> polled) throws SQLException {
        return PartitionProgress.cover(whereSeen(connection), polled)
                || PartitionProgress.cover(load(connection), polled);
    }

    private Map<Partition, PartitionProgress> whereSeen(Connection connection) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(connection, "SELECT " + StoredProgress.COLUMNS + """
                 FROM unnest(?::tid[], ?::int[]) AS seen (address, part)
                JOIN {cdc_progress} p ON p.ctid = seen.address
                WHERE (p.stream, p.topic_partition) IS NOT DISTINCT FROM (?, seen.part)""")) {
            List<Partition> partitions = addresses.known();
            statement.setArray(1, array(connection, "text", partitions, addresses::of));
            statement.setArray(2, array(connection, "int4", partitions, Partition::number));
            statement.setString(3, stream);
            return noted(StoredProgress.read(statement));
        }
    }

    private Map<Partition, PartitionProgress> noted(Map<Integer, StoredProgress> rows) {
        Map<Partition, PartitionProgress> stored = new HashMap<>();
        rows.forEach((number, row) -> {
            Partition partition = new Partition(topic, number);
            stored.put(partition, row.progress());
            addresses.saw(partition, row.address());
        });
        return stored;
    }

    /**
     * Nothing but this lock keeps two consumers from both adding a row for one partition: see
     * sql/destination/12_cdc_progress.sql.
     */
    public void correct(Connection connection, Map<Partition, PartitionProgress> beginnings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A corrected progress must not return to its old value when the server crashes.
            statement.execute("SET LOCAL synchronous_commit = on");
            // Batches do not wait for it.
            statement.execute(
                    RolePath.qualified(connection, "LOCK TABLE {cdc_progress} IN SHARE UPDATE EXCLUSIVE MODE"));
        }
        correct(connection, beginnings, """
                UPDATE {cdc_progress} p
                SET topic_id = b.topic_id, next_offset = b.next_offset, leader_epoch = b.epoch, updated_at = clock_timestamp()
                FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[]) AS b (part, topic_id, next_offset, epoch)
                WHERE p.stream = ? AND p.topic_partition = b.part""");
        // A new row has no leader epoch: nothing of it has been read.
        correct(connection, beginnings, """
                INSERT INTO {cdc_progress} (topic_partition, topic_id, next_offset, stream)
                SELECT b.part, b.topic_id, b.next_offset, mine.stream
                FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[]) AS b (part, topic_id, next_offset, epoch)
                CROSS JOIN (VALUES (?)) AS mine (stream)
                WHERE NOT EXISTS (SELECT FROM {cdc_progress} p
                                  WHERE p.stream = mine.stream AND p.topic_partition = b.part)""");
    }

    private void correct(Connection connection, Map<Partition, PartitionProgress> beginnings, String sql)
            throws SQLException {
        List<Map.Entry<Partition, PartitionProgress>> rows = List.copyOf(beginnings.entrySet());
        try (PreparedStatement statement = RolePath.prepare(connection, sql)) {
            statement.setArray(
                    1, array(connection, "int4", rows, row -> row.getKey().number()));
            statement.setArray(
                    2, array(connection, "text", rows, row -> row.getValue().topicId()));
            statement.setArray(
                    3, array(connection, "int8", rows, row -> row.getValue().nextOffset()));
            statement.setArray(
                    4,
                    array(
                            connection,
                            "int4",
                            rows,
                            row -> row.getValue().leaderEpoch().orElse(null)));
            statement.setString(5, stream);
            statement.executeUpdate();
        }
    }

    /**
     * Stamps the rows of ranges of which some changes are applied although the ranges are not finished; {@code stamp} gets what
     * to show when they are. A destination that has lost the changes has lost the stamp as well.
     */
    public void stamp(RoundTrips trips, List<OffsetRange> ranges, Consumer<String> stamp)
            throws SQLException, OutageException {
        trips.add(
                "WITH stamped AS (UPDATE {cdc_progress} SET updated_at = now() WHERE stream = ? AND topic_partition = ANY (?))"
                        + " SELECT now()::text",
                0,
                (statement, first) -> {
                    statement.setString(first, stream);
                    statement.setArray(
                            first + 1,
                            array(
                                    statement.getConnection(),
                                    "int4",
                                    ranges,
                                    range -> range.partition().number()));
                    return first + 2;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        row.next();
                        stamp.accept(row.getString(1));
                    }
                });
    }

    /**
     * Moves the progress on, after the statements that wait for the next round trip. A range may begin before what is stored,
     * when records are read again; one that begins after it leaves a hole, which is the sign of a restored destination. Ranges
     * come sorted, so that two batches cannot wait for each other in a circle.
     */
    public void advance(RoundTrips trips, List<OffsetRange> ranges, @Nullable String stamp)
            throws SQLException, OutageException {
        List<OffsetRange> left = new ArrayList<>(ranges);
        if (stamp == null && !left.isEmpty() && left.stream().allMatch(range -> addresses.knows(range.partition()))) {
            moveOn(trips, left);
            trips.send();
        }
        if (!left.isEmpty()) {
            lookUpAndMove(trips, left, stamp);
        }
        trips.send();
    }

    /** Keeps those ranges whose row is not at its address any more, or does not have the expected content. */
    private void moveOn(RoundTrips trips, List<OffsetRange> left) throws SQLException, OutageException {
        List<OffsetRange> all = List.copyOf(left);
        trips.add(
                MOVE_ON,
                0,
                (statement, first) -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(first, array(connection, "text", all, range -> addresses.of(range.partition())));
                    int parameter = setRanges(statement, first + 1, all);
                    statement.setString(parameter++, stream);
                    long page = addresses.page(all.get(0).partition());
                    statement.setString(parameter++, "(" + page + ",0)");
                    statement.setString(parameter++, "(" + (page + 1) + ",0)");
                    return parameter;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        while (row.next()) {
                            Partition partition = new Partition(topic, row.getInt(1));
                            addresses.saw(partition, row.getString(2));
                            left.removeIf(range -> range.partition().equals(partition));
                        }
                    }
                });
    }

    private void lookUpAndMove(RoundTrips trips, List<OffsetRange> ranges, @Nullable String stamp)
            throws SQLException, OutageException {
        trips.add(
                LOOK_UP_AND_MOVE,
                0,
                (statement, first) -> {
                    int parameter = setRanges(statement, first, ranges);
                    statement.setString(parameter++, stream);
                    statement.setString(parameter++, stream);
                    statement.setString(parameter++, stamp);
                    return parameter;
                },
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        while (row.next()) {
                            String address = row.getString(2);
                            if (address == null) {
                                throw behind(ranges, row);
                            }
                            addresses.saw(new Partition(topic, row.getInt(1)), address);
                        }
                    }
                });
    }

    private static int setRanges(PreparedStatement statement, int first, List<OffsetRange> ranges) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(
                first,
                array(connection, "int4", ranges, range -> range.partition().number()));
        statement.setArray(first + 1, array(connection, "text", ranges, OffsetRange::topicId));
        statement.setArray(first + 2, array(connection, "int8", ranges, OffsetRange::from));
        statement.setArray(first + 3, array(connection, "int8", ranges, OffsetRange::to));
        statement.setArray(
                first + 4,
                array(connection, "int4", ranges, range -> range.leaderEpoch().orElse(null)));
        return first + 5;
    }

    private DestinationBehindException behind(List<OffsetRange> ranges, ResultSet row) throws SQLException {
        Partition partition = new Partition(topic, row.getInt(1));
        long next = row.getLong(3);
        boolean nothing = row.wasNull();
        OffsetRange range = ranges.stream()
                .filter(each -> each.partition().equals(partition))
                .findFirst()
                .orElseThrow();
        String known = nothing
                ? "nothing of this topic"
                : "what comes before offset " + next
                        + (next < range.from() ? "" : ", but no longer what was applied after it");
        return new DestinationBehindException(range, known);
    }

    private static <T> Array array(
            Connection connection, String type, List<T> rows, Function<T, @Nullable Object> column)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(column).toArray());
    }
}
