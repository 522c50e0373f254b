package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Database;
import io.rowrelay.common.jdbc.Query;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.StoredMode;
import io.rowrelay.stream.record.Partition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which state of the source a destination shows, of a stream that is applied in cuts; of one that is applied row by row, only from where
 * the topics are read.
 *
 * @param mode how it is applied
 * @param window its window, as {@code epoch:number}
 * @param snapshot the source's snapshot, as PostgreSQL prints it
 * @param takenAt when the source was in that state; empty while nothing is applied
 * @param brokenSince since when it lacks a change that was rejected
 * @param paused tables whose changes are left out, each with by whom and since when
 * @param nextOffsets from where the topics are read
 */
record AppliedCut(
        ApplyMode mode,
        String window,
        String snapshot,
        Optional<Instant> takenAt,
        Optional<Instant> brokenSince,
        List<PausedTable> paused,
        Map<Partition, Long> nextOffsets) {
    private record Next(Partition partition, long offset) {}

    /** A table whose changes are left out. */
    record PausedTable(String name, String by, Instant since) {}

    AppliedCut {
        paused = List.copyOf(paused);
        nextOffsets = Map.copyOf(nextOffsets);
    }

    /** Reads that of a stream; empty where the destination does not know it. */
    static Optional<AppliedCut> read(Database destination, String stream) throws OutageException {
        return destination.read("reading cdc_applied", connection -> {
            InstalledVersion.DESTINATION.require(connection);
            if (StoredMode.read(connection, stream)
                    .filter(ApplyMode.ROWS::equals)
                    .isPresent()) {
                return Optional.of(ofRows(connection, stream));
            }
            Map<Partition, Long> next = new HashMap<>();
            for (Next each : Query.list(
                    connection,
                    """
                    SELECT t.key, p.key::integer, p.value::bigint
                    FROM {cdc_applied} AS a, jsonb_each(a.next_offsets) AS t, jsonb_each_text(t.value) AS p WHERE a.stream = ?""",
                    row -> new Next(new Partition(row.getString(1), row.getInt(2)), row.getLong(3)),
                    stream)) {
                next.put(each.partition(), each.offset());
            }
            List<PausedTable> paused = Query.list(
                    connection,
                    """
                    SELECT p.key, p.value ->> 'by', (p.value ->> 'since')::timestamptz
                    FROM {cdc_applied} AS a, jsonb_each(a.paused_tables) AS p WHERE a.stream = ? ORDER BY 1""",
                    row -> new PausedTable(
                            row.getString(1), row.getString(2), instant(row, 3).orElse(Instant.EPOCH)),
                    stream);
            return Query.first(
                    connection,
                    "SELECT epoch || ':' || number, snapshot::text, taken_at, broken_since FROM {cdc_applied} WHERE stream = ?",
                    row -> new AppliedCut(
                            ApplyMode.CUTS,
                            row.getString(1),
                            row.getString(2),
                            instant(row, 3),
                            instant(row, 4),
                            paused,
                            next),
                    stream);
        });
    }

    private static AppliedCut ofRows(Connection connection, String stream) throws SQLException {
        String prefix = TableStream.prefix(stream);
        Map<Partition, Long> next = new HashMap<>();
        Query.list(
                connection,
                "SELECT stream, topic_partition, next_offset FROM {cdc_progress} WHERE starts_with(stream, ?)",
                row -> next.put(
                        new Partition(TableStream.topic(stream, String.valueOf(row.getString(1))), row.getInt(2)),
                        row.getLong(3)),
                prefix);
        return new AppliedCut(ApplyMode.ROWS, "", "", Optional.empty(), Optional.empty(), List.of(), next);
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }
}
