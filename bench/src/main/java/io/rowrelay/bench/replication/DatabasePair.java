package io.rowrelay.bench.replication;

import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.sandbox.stack.Stack;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A source and a destination database on the stack's two servers, with the table {@code employees}, empty.
 *
 * @param source the server of the source
 * @param destination the server of the destination
 * @param name the name of both databases
 */
public record DatabasePair(PostgresServer source, PostgresServer destination, String name) implements AutoCloseable {
    private static final String TAKE_CAPTURE_OFF = "SELECT cdc_uncapture('employees')";

    /** Databases as Rowrelay wants them. */
    static DatabasePair captured(Stack stack, Path sql, String name) {
        DatabasePair pair = create(stack, name);
        pair.source.apply(SqlScripts.withExample(sql, "source"), name);
        pair.destination.apply(SqlScripts.withExample(sql, "destination"), name);
        return pair;
    }

    /** The same table on both sides, with no trigger and no column that Rowrelay needs. */
    public static DatabasePair plain(Stack stack, Path sql, String name) throws SQLException {
        DatabasePair pair = create(stack, name);
        for (PostgresServer server : List.of(pair.source, pair.destination)) {
            server.apply(SqlScripts.withExample(sql, "source"), name);
            try (Connection connection = server.connect(name)) {
                execute(connection, TAKE_CAPTURE_OFF);
            }
        }
        return pair;
    }

    public Connection connectToSource() throws SQLException {
        return source.connect(name);
    }

    public Connection connectToDestination() throws SQLException {
        return destination.connect(name);
    }

    /** A session on the destination that finds rows by the primary key, however the table has grown since its plan was made. */
    public Connection connectToObserve() throws SQLException {
        Connection connection = connectToDestination();
        try {
            execute(connection, "SET enable_seqscan = off; SET enable_bitmapscan = off");
            return connection;
        } catch (SQLException e) {
            // Closed by what passes the failure on, so that one of the closing cannot hide it.
            try (connection) {
                throw e;
            }
        }
    }

    /**
     * Does on both servers what they would do by themselves a little later: the statistics of tables that have just grown,
     * and the checkpoint of what was before. So neither falls into a measurement, or into one and not the other.
     */
    public void settle() throws SQLException {
        for (PostgresServer server : List.of(source, destination)) {
            try (Connection connection = server.connect(name)) {
                execute(connection, "VACUUM ANALYZE");
                execute(connection, "CHECKPOINT");
            }
        }
    }

    @Override
    public void close() {
        source.dropDatabase(name);
        destination.dropDatabase(name);
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static DatabasePair create(Stack stack, String name) {
        stack.source().createDatabase(name);
        stack.destination().createDatabase(name);
        return new DatabasePair(stack.source(), stack.destination(), name);
    }
}
