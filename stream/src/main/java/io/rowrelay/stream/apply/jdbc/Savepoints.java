package io.rowrelay.stream.apply.jdbc;

import io.rowrelay.common.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

/** Work inside a transaction that is undone by itself when the destination rejects it. Not thread-safe. */
public final class Savepoints {
    private final Connection connection;

    /** The transaction of the connection is open. */
    public Savepoints(Connection connection) {
        this.connection = connection;
    }

    /** Statements of the transaction. */
    @FunctionalInterface
    public interface Work {
        void run() throws SQLException;
    }

    /** Does the work. A rejection undoes it and is returned; any other failure is thrown. */
    public Optional<SQLException> attempt(Work work) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            work.run();
            connection.releaseSavepoint(savepoint);
            return Optional.empty();
        } catch (SQLException failure) {
            if (!SqlFailures.mayBeRejection(failure)) {
                throw failure;
            }
            undo(savepoint);
            return Optional.of(failure);
        }
    }

    /** Does the work and undoes it whatever comes of it; returns the rejection. */
    Optional<SQLException> tryOut(Work work) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            work.run();
            undo(savepoint);
            return Optional.empty();
        } catch (SQLException failure) {
            if (!SqlFailures.mayBeRejection(failure)) {
                throw failure;
            }
            undo(savepoint);
            return Optional.of(failure);
        }
    }

    private void undo(Savepoint savepoint) throws SQLException {
        connection.rollback(savepoint);
        connection.releaseSavepoint(savepoint);
    }
}
