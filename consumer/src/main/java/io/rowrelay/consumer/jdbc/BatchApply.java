package io.rowrelay.consumer.jdbc;

import io.rowrelay.common.event.Action;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.consumer.apply.ChangeApplier.Applied;
import io.rowrelay.consumer.apply.ChangeEvent;
import io.rowrelay.consumer.apply.DestinationBehindException;
import io.rowrelay.consumer.apply.Rejected;
import io.rowrelay.consumer.apply.Rejected.Reason;
import io.rowrelay.consumer.apply.Stretch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies one batch in one transaction: first all at once; when the destination refuses something, again in halves behind
 * savepoints, until the refused records stand alone. Used once.
 */
final class BatchApply {
    private static final int TOO_FEW_TO_HALVE = 4;

    private final Connection connection;
    private final RowWriter writer;
    private final String stream;
    private final ProgressTable progress;
    private final List<Rejected> rejected = new ArrayList<>();
    private int applied;

    BatchApply(Connection connection, RowWriter writer, String stream) {
        this.connection = connection;
        this.writer = writer;
        this.stream = stream;
        this.progress = new ProgressTable(stream);
    }

    Applied run(List<ChangeEvent> events, List<Stretch> finished) throws SQLException, DestinationBehindException {
        NewestPerKey byKey = new NewestPerKey(events);
        List<ChangeEvent> newest = byKey.newest();
        begin(newest);
        try {
            applied = write(newest);
            commit(finished);
        } catch (SQLException failure) {
            if (!SqlFailures.isRefusal(failure)) {
                throw failure;
            }
            connection.rollback();
            begin(newest);
            applied = 0;
            halve(newest, byKey);
            commit(finished);
        }
        return new Applied(applied, events.size() - applied - rejected.size(), rejected);
    }

    /** Together with the changes the destination remembers their offsets, unless dead letters have to be sent first. */
    private void commit(List<Stretch> finished) throws SQLException, DestinationBehindException {
        if (rejected.isEmpty() && !finished.isEmpty()) {
            progress.advance(connection, finished);
        }
        connection.commit();
    }

    /** Locks, and makes deferrable constraints speak at once, while the record they mean is still known. */
    private void begin(List<ChangeEvent> events) throws SQLException {
        if (writer.table().deferrable()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?), class) FROM unnest(?) class")) {
            statement.setString(1, "rowrelay apply of stream " + stream);
            statement.setArray(2, connection.createArrayOf("int4", LockClasses.of(events)));
            statement.execute();
        }
    }

    private int write(List<ChangeEvent> events) throws SQLException {
        return writer.delete(
                        connection, events.stream().filter(BatchApply::isDelete).toList())
                + writer.upsert(
                        connection,
                        events.stream().filter(event -> !isDelete(event)).toList());
    }

    private static boolean isDelete(ChangeEvent event) {
        return event.action() == Action.DELETE;
    }

    private void halve(List<ChangeEvent> events, NewestPerKey byKey) throws SQLException {
        if (events.size() <= TOO_FEW_TO_HALVE) {
            for (ChangeEvent event : events) {
                one(event, byKey);
            }
            return;
        }
        int middle = events.size() / 2;
        for (List<ChangeEvent> half : List.of(events.subList(0, middle), events.subList(middle, events.size()))) {
            if (attempt(half).isPresent()) {
                halve(half, byKey);
            }
        }
    }

    /** A key whose newest change is refused shows the newest one that is not. */
    private void one(ChangeEvent event, NewestPerKey byKey) throws SQLException {
        Optional<ChangeEvent> next = Optional.of(event);
        while (next.isPresent()) {
            ChangeEvent current = next.get();
            Optional<SQLException> refusal = attempt(List.of(current));
            refusal.ifPresent(failure ->
                    rejected.add(new Rejected(current.origin(), Reason.DESTINATION, SqlFailures.describe(failure))));
            next = refusal.isPresent() ? byKey.before(current) : Optional.empty();
        }
    }

    /** Writes behind a savepoint; returns the refusal, after which nothing of it is left. */
    private Optional<SQLException> attempt(List<ChangeEvent> events) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            applied += write(events);
            connection.releaseSavepoint(savepoint);
            return Optional.empty();
        } catch (SQLException failure) {
            if (!SqlFailures.isRefusal(failure)) {
                throw failure;
            }
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
            return Optional.of(failure);
        }
    }
}
