package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.LongWork;
import io.rowrelay.common.jdbc.RoundTrips;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.jdbc.ReplicaRole;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does with a record what the consumer would do, in a transaction that is rolled back. Its row is locked for that moment, and
 * triggers of the table run as they would for the consumer. Each record is tried by itself. Not thread-safe.
 */
public final class Rehearsal {
    private final Connection connection;
    private final String table;
    private final String stream;
    private final RecordReader reader;

    /** The connection is in auto-commit mode and stays the caller's; the name of the table is as in SQL. */
    public Rehearsal(Connection connection, String table, String stream, RecordReader reader) {
        this.connection = connection;
        this.table = table;
        this.stream = stream;
        this.reader = reader;
    }

    /** What would become of a record. */
    public enum Outcome {
        /** The destination would show it. */
        TAKEN,
        /** It would have no effect: the destination shows a later change of the key. */
        SUPERSEDED,
        /** It would become a dead letter. */
        REJECTED,
        /** The consumer would take it for an outage, and wait. */
        HOLDS_UP
    }

    /** What would become of a record, and why, for a human. */
    public record Result(Outcome outcome, String detail) {}

    /**
     * Tries a record.
     *
     * @param shown the change of its key that the destination shows, by the row or its tombstone; 0 for none
     * @throws SQLException when the destination is busy or out, which says nothing of the record
     */
    public Result of(TopicRecord record, long shown) throws SQLException {
        // As the consumer does; the session keeps it.
        ReplicaRole.take(connection);
        connection.setAutoCommit(false);
        try {
            return tryOut(record, shown);
        } catch (OutageException outage) {
            return new Result(Outcome.HOLDS_UP, String.valueOf(outage.getMessage()));
        } catch (SQLException failure) {
            if (SqlFailures.isBusy(failure) || SqlFailures.isCutShort(failure) || SqlFailures.isExhausted(failure)) {
                throw failure;
            }
            return new Result(Outcome.HOLDS_UP, SqlFailures.explain(failure));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private Result tryOut(TopicRecord record, long shown) throws SQLException, OutageException {
        AppliedTable definition = DestinationCatalog.read(connection, table, stream);
        ValidatedRecord read = reader.read(record, definition.key());
        if (read instanceof Rejected rejected) {
            return new Result(Outcome.REJECTED, rejected.detail());
        }
        ValidChange change = (ValidChange) read;
        if (shown >= change.actionId()) {
            return superseded(change, "change " + shown);
        }
        Optional<String> problem = new ColumnCheck(definition, table).problem(List.of(change));
        if (problem.isPresent()) {
            return new Result(Outcome.HOLDS_UP, problem.get());
        }
        Applied applied = new BatchApply(
                        connection,
                        new RowWriter(definition, stream),
                        ROLLED_BACK,
                        new ServerLimits(1),
                        new LongWork(System::nanoTime))
                .run(List.of(change));
        if (!applied.rejected().isEmpty()) {
            return new Result(Outcome.REJECTED, applied.rejected().get(0).detail());
        }
        return applied.applied() > 0 ? new Result(Outcome.TAKEN, "") : superseded(change, "a later one");
    }

    private static Result superseded(ValidChange change, String shown) {
        return new Result(
                Outcome.SUPERSEDED,
                "the dead letter is change " + change.actionId() + ", the destination shows " + shown);
    }

    private static final BatchTransaction ROLLED_BACK = new BatchTransaction() {
        /** Takes no locks: only consumers have to wait for each other. */
        @Override
        public void lock(RoundTrips trips, List<ValidChange> changes) {}

        @Override
        public @Nullable String remember(RoundTrips trips, boolean complete) {
            return null;
        }

        /** What a commit would check is checked before. */
        @Override
        public void end(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            }
            connection.rollback();
        }
    };
}
