package io.rowrelay.consumer.cut.jdbc;

import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.cut.CutProgress;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The row of a stream in cdc_applied, found where it was last seen. Not thread-safe. */
final class AppliedState {
    private static final String FIND = """
            SELECT source_identifier, snapshot::text, epoch, number, taken_at, ctid::text, broken_since,
                paused_tables::text AS paused, ARRAY(SELECT jsonb_object_keys(paused_tables)) AS paused_names
            FROM {cdc_applied} WHERE stream = ?""";

    private static final String OFFSETS = """
            SELECT topic.key, partition.key::int, partition.value::bigint
            FROM {cdc_applied} a, jsonb_each(a.next_offsets) topic, jsonb_each_text(topic.value) partition
            WHERE a.stream = ?""";

    private static final String TOPIC_IDS =
            "SELECT topic.key, topic.value FROM {cdc_applied} a, jsonb_each_text(a.topic_ids) topic WHERE a.stream = ?";

    /** Only from the state that this session has left there. */
    private static final String ADVANCE = """
            UPDATE {cdc_applied} SET source_identifier = ?, snapshot = ?::pg_snapshot, epoch = ?, number = ?, taken_at = ?,
                applied_at = clock_timestamp(),
                broken_since = CASE WHEN ? THEN coalesce(broken_since, clock_timestamp()) ELSE broken_since ENDOFFSETS
            WHERE ctid = ?::tid AND stream = ? AND snapshot::text = ?
            RETURNING ctid::text, broken_since, paused_tables::text""";

    private static final String WITH_OFFSETS = """
            , next_offsets = (
                SELECT coalesce(jsonb_object_agg(topic, partitions), '{}')
                FROM (SELECT topic, jsonb_object_agg(number::text, next) AS partitions
                      FROM unnest(?::text[], ?::int[], ?::bigint[]) given(topic, number, next) GROUP BY topic) byTopic),
              topic_ids = (SELECT coalesce(jsonb_object_agg(topic, id), '{}') FROM unnest(?::text[], ?::text[]) known(topic, id))""";

    private static final String ADVANCE_ONLY = ADVANCE.replace("OFFSETS", "");
    private static final String ADVANCE_ALL = ADVANCE.replace("OFFSETS", WITH_OFFSETS);

    /** With more partitions their offsets are not written each time: what is read again is known to be applied. */
    private static final int FEW_PARTITIONS = 32;

    private static final Duration LONGEST_WITHOUT_OFFSETS = Duration.ofSeconds(1);

    private final String stream;
    private final LongSupplier nanoClock;
    private final Paused paused;
    private CutProgress progress;
    private Place place;
    private long wroteOffsetsAt;

    /**
     * The tables whose changes are left out.
     *
     * @param text as the destination prints it
     * @param tables their names
     */
    private record Paused(String text, Set<String> tables) {}

    /**
     * The rest of the row.
     *
     * @param address where the row is
     * @param brokenSince since when the destination is no state of the source; null while it is one
     */
    record Place(String address, @Nullable Instant brokenSince) {
        private static Place of(ResultSet row, String address) throws SQLException {
            OffsetDateTime broken = row.getObject("broken_since", OffsetDateTime.class);
            return new Place(address, broken == null ? null : broken.toInstant());
        }
    }

    private AppliedState(String stream, LongSupplier nanoClock, CutProgress progress, Place place, Paused paused) {
        this.paused = paused;
        this.stream = stream;
        this.nanoClock = nanoClock;
        this.progress = progress;
        this.place = place;
        this.wroteOffsetsAt = nanoClock.getAsLong() - LONGEST_WITHOUT_OFFSETS.toNanos();
    }

    /** Reads it; empty where the stream has none. */
    static Optional<AppliedState> read(Connection connection, String stream, LongSupplier nanoClock)
            throws SQLException {
        Map<Partition, Long> offsets = new HashMap<>();
        Query.list(
                connection,
                OFFSETS,
                row -> offsets.put(new Partition(row.getString(1), row.getInt(2)), row.getLong(3)),
                stream);
        Map<String, String> topicIds = new HashMap<>();
        Query.list(connection, TOPIC_IDS, row -> topicIds.put(row.getString(1), row.getString(2)), stream);
        return Query.first(
                connection,
                FIND,
                row -> new AppliedState(
                        stream,
                        nanoClock,
                        progress(row, offsets, topicIds),
                        Place.of(row, row.getString("ctid")),
                        paused(row)),
                stream);
    }

    private static Paused paused(ResultSet row) throws SQLException {
        return new Paused(row.getString("paused"), Set.of((String[])
                row.getArray("paused_names").getArray()));
    }

    private static CutProgress progress(ResultSet row, Map<Partition, Long> offsets, Map<String, String> topicIds)
            throws SQLException {
        long epoch = row.getLong("epoch");
        OffsetDateTime takenAt = row.getObject("taken_at", OffsetDateTime.class);
        @Nullable WindowId window = epoch == 0 ? null : new WindowId(epoch, row.getLong("number"));
        return new CutProgress(
                row.getLong("source_identifier"),
                Snapshot.parse(row.getString("snapshot")),
                window,
                takenAt == null ? null : takenAt.toInstant(),
                offsets,
                topicIds);
    }

    CutProgress progress() {
        return progress;
    }

    @Nullable
    Instant brokenSince() {
        return place.brokenSince();
    }

    /** The tables that an operator has paused. */
    Set<String> paused() {
        return paused.tables();
    }

    /**
     * Adds the statement that moves it.
     *
     * @param moved gets where the row is then, see {@link #moved}; nothing where somebody else has changed it,
     *     such as which tables are paused
     */
    void advance(RoundTrips trips, CutProgress after, boolean broken, @Nullable Place[] moved)
            throws SQLException, OutageException {
        boolean withOffsets = writesOffsets(after);
        trips.add(
                withOffsets ? ADVANCE_ALL : ADVANCE_ONLY,
                withOffsets ? 100L * after.nextOffsets().size() : 0,
                (statement, first) -> set(statement, first, after, broken, withOffsets),
                answered -> {
                    try (ResultSet row = answered.getResultSet()) {
                        if (row.next() && paused.text().equals(row.getString(3))) {
                            moved[0] = Place.of(row, row.getString(1));
                        }
                    }
                });
    }

    private boolean writesOffsets(CutProgress after) {
        return after.nextOffsets().size() <= FEW_PARTITIONS
                || nanoClock.getAsLong() - wroteOffsetsAt >= LONGEST_WITHOUT_OFFSETS.toNanos();
    }

    private int set(PreparedStatement statement, int first, CutProgress after, boolean broken, boolean withOffsets)
            throws SQLException {
        int parameter = first;
        WindowId window = after.window();
        statement.setLong(parameter++, after.source());
        statement.setString(parameter++, after.applied().toString());
        statement.setLong(parameter++, window == null ? 0 : window.epoch());
        statement.setLong(parameter++, window == null ? 0 : window.number());
        statement.setObject(
                parameter++, after.takenAt() == null ? null : after.takenAt().atOffset(ZoneOffset.UTC));
        statement.setBoolean(parameter++, broken);
        if (withOffsets) {
            parameter = setOffsets(statement, parameter, after);
        }
        statement.setString(parameter++, place.address());
        statement.setString(parameter++, stream);
        statement.setString(parameter++, progress.applied().toString());
        return parameter;
    }

    private static int setOffsets(PreparedStatement statement, int first, CutProgress after) throws SQLException {
        int parameter = first;
        List<Partition> partitions = List.copyOf(after.nextOffsets().keySet());
        statement.setArray(
                parameter++,
                array(
                        statement,
                        "text",
                        partitions.stream().map(Partition::topic).toArray()));
        statement.setArray(
                parameter++,
                array(
                        statement,
                        "int4",
                        partitions.stream().map(Partition::number).toArray()));
        statement.setArray(
                parameter++,
                array(
                        statement,
                        "int8",
                        partitions.stream().map(after.nextOffsets()::get).toArray()));
        List<String> topics = List.copyOf(after.topicIds().keySet());
        statement.setArray(parameter++, array(statement, "text", topics.toArray()));
        statement.setArray(
                parameter++,
                array(
                        statement,
                        "text",
                        topics.stream().map(after.topicIds()::get).toArray()));
        return parameter;
    }

    private static Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }

    /** What was added is committed. */
    void moved(CutProgress after, Place to) {
        if (writesOffsets(after)) {
            wroteOffsetsAt = nanoClock.getAsLong();
        }
        progress = after;
        place = to;
    }
}
