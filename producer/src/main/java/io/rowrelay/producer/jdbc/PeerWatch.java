package io.rowrelay.producer.jdbc;

import io.rowrelay.common.jdbc.RolePath;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.Stream;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import io.rowrelay.stream.window.jdbc.WindowRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a hot standby sees of the producer that holds the stream's lock. A producer that does nothing although changes wait is
 * frozen, or cannot publish, or is no producer at all: then nobody publishes, and the standby does not help. Not thread-safe.
 */
public final class PeerWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supplier<Stream> streams;
    private final LongSupplier nanoClock;
    private @Nullable String seen;
    private long seenAt;
    private long lookAt;
    private Optional<String> problem = Optional.empty();

    /** Asked for each look, since the source knows it best. */
    public PeerWatch(Supplier<Stream> streams, LongSupplier nanoClock) {
        this.streams = streams;
        this.nanoClock = nanoClock;
        this.lookAt = nanoClock.getAsLong();
    }

    /** Says what is wrong with the holder of the lock, as far as it is known. */
    public Optional<String> problem() {
        return problem;
    }

    /** To be called when another session holds the lock; looks every few seconds. */
    public void look(Connection connection) throws SQLException {
        long now = nanoClock.getAsLong();
        if (now - lookAt < 0) {
            return;
        }
        lookAt = now + INTERVAL.toNanos();
        Stream stream = streams.get();
        Optional<String> waiting = waiting(connection, stream);
        if (waiting.isEmpty() || !waiting.get().equals(seen)) {
            seen = waiting.orElse(null);
            seenAt = now;
            problem = Optional.empty();
        } else if (now - seenAt >= PATIENCE.toNanos()) {
            problem = Optional.of(
                    StreamLock.ofProducer(stream.name())
                                    .holder(connection)
                                    .map(StreamLock.Holder::toString)
                                    .orElse("another session")
                            + " holds the stream's lock and has moved no checkpoint for "
                            + Duration.ofNanos(now - seenAt).toSeconds()
                            + " s, while changes wait; where its process is gone or frozen, SELECT pg_terminate_backend(its pid)");
        }
        connection.commit();
    }

    /**
     * The checkpoint while changes wait behind it and the stream is not paused, or as long as there is none: a producer begins with
     * it. A statement sees committed rows only.
     */
    private static Optional<String> waiting(Connection connection, Stream stream) throws SQLException {
        for (CapturedTable table : stream.tables()) {
            // The registry's names are whole.
            Optional<String> name = stream.inCuts()
                    ? Optional.of(table.changeTable())
                    : ChangeTableCatalog.find(connection, table.sourceTable(), table.changeTable());
            Optional<String> waiting = name.isEmpty() ? Optional.empty() : waiting(connection, stream, name.get());
            if (waiting.isPresent()) {
                return waiting;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> waiting(Connection connection, Stream stream, String table) throws SQLException {
        try (PreparedStatement statement = RolePath.prepare(
                connection, """
                SELECT concat_ws(' ', o.snapshot::text, o.window_snapshot::text, o.last_action_id)
                FROM (VALUES (?)) mine (stream) LEFT JOIN {cdc_offset} o ON o.stream = mine.stream
                WHERE o.stream IS NULL
                   OR o.paused_at IS NULL AND (o.window_snapshot IS NOT NULL OR %s)""".formatted(WindowRule.hasChanges(table, "o.snapshot", WindowRule.NOW)))) {
            statement.setString(1, stream.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }
}
