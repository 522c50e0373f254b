package io.rowrelay.consumer.cut.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.consumer.apply.DeadLetters;
import io.rowrelay.consumer.cut.CutDestination;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.ReplicaRole;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.record.RecordReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A destination PostgreSQL over a pool, of which a session keeps one connection. Not thread-safe. */
public final class JdbcCutDestination implements CutDestination {
    private final HikariDataSource pool;
    private final String stream;
    private final RecordReader reader;
    private final DeadLetters deadLetters;
    private final LongSupplier nanoClock;

    /**
     * The pool stays the caller's to close.
     *
     * @param deadLetters where rejected changes go
     * @param nanoClock gives the time in nanoseconds of any origin
     */
    public JdbcCutDestination(
            HikariDataSource pool,
            String stream,
            RecordReader reader,
            DeadLetters deadLetters,
            LongSupplier nanoClock) {
        this.pool = pool;
        this.stream = stream;
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.nanoClock = nanoClock;
    }

    @Override
    public Optional<CutSession> tryOpen() throws OutageException {
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException failure) {
            throw SqlFailures.outage("connecting to the destination database", failure);
        }
        boolean opened = false;
        try {
            prepare(connection);
            InstalledVersion.DESTINATION.require(connection);
            boolean locked = StreamLock.ofConsumer(stream).tryTake(connection);
            connection.commit();
            if (!locked) {
                return Optional.empty();
            }
            CutSession session = open(connection);
            opened = true;
            return Optional.of(session);
        } catch (SQLException failure) {
            throw SqlFailures.outage("opening a session on the destination database", failure);
        } finally {
            if (!opened) {
                pool.evictConnection(connection);
            }
        }
    }

    /** A standby asks again and again, and the session waits for the topics: both may be idle for long. */
    private static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(JdbcChangeApplier.SESSION + " SET idle_session_timeout = 0");
        }
        ReplicaRole.take(connection);
        connection.commit();
    }

    private CutSession open(Connection connection) throws SQLException, OutageException {
        AppliedState state = AppliedState.read(connection, stream, nanoClock)
                .orElseThrow(() -> OutageException.waitingForAHuman("stream " + stream
                        + " is not applied in cuts by this destination any more: run SELECT cdc_destination_stream('"
                        + stream + "') there"));
        connection.commit();
        return new JdbcCutSession(
                new JdbcCutSession.Subject(connection, stream, () -> pool.evictConnection(connection)),
                state,
                reader,
                deadLetters,
                nanoClock);
    }
}
