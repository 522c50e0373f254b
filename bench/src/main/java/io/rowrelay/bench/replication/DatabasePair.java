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
 * A source and a destination database on the stack's two servers, with tables that are empty.
 *
 * @param source the server of the source
 * @param destination the server of the destination
 * @param name the name of both databases, and that of their stream
 * @param tables what both have
 */
public record DatabasePair(PostgresServer source, PostgresServer destination, String name, BenchTables tables)
        implements AutoCloseable {
    /** Databases as Rowrelay wants them, with the table of the demo. */
    static DatabasePair captured(Stack stack, Path sql, String name) {
        DatabasePair pair = create(stack, name, BenchTables.EMPLOYEES);
        pair.source.apply(SqlScripts.withExample(sql, "source"), name);
        pair.destination.apply(SqlScripts.withExample(sql, "destination"), name);
        return pair;
    }

    /** Databases with a stream of all tables, which is applied in cuts. */
    static DatabasePair inCuts(Stack stack, Path sql, String name, BenchTables tables) throws SQLException {
        DatabasePair pair = plain(stack, name, tables);
        pair.source.apply(SqlScripts.in(sql.resolve("source")), name);
        pair.destination.apply(SqlScripts.in(sql.resolve("destination")), name);
        try (Connection source = pair.connectToSource();
                Connection destination = pair.connectToDestination()) {
            // As rowrelay init does it.
            execute(source, "SELECT rowrelay.name_tables('%s', ARRAY['public.*'])".formatted(name));
            for (String table : tables.columns().keySet()) {
                execute(source, "SELECT rowrelay.capture_into('%s', 'public.%s')".formatted(name, table));
            }
            execute(source, "SELECT rowrelay.stream_problems('%s')".formatted(name));
            execute(destination, "SELECT cdc_destination_stream('%s')".formatted(name));
        }
        return pair;
    }

    /** The same tables on both sides, and nothing that Rowrelay needs. */
    public static DatabasePair plain(Stack stack, String name, BenchTables tables) throws SQLException {
        DatabasePair pair = create(stack, name, tables);
        for (PostgresServer server : List.of(pair.source, pair.destination)) {
            try (Connection connection = server.connect(name)) {
                execute(connection, tables.definition());
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

    private static DatabasePair create(Stack stack, String name, BenchTables tables) {
        stack.source().createDatabase(name);
        stack.destination().createDatabase(name);
        return new DatabasePair(stack.source(), stack.destination(), name, tables);
    }
}
