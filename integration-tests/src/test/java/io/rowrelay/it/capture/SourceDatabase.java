package io.rowrelay.it.capture;

import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.sandbox.stack.Stack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fresh database with {@code sql/source} (or {@code sql/destination}) and the example's table in it, on a server that all
 * tests of the JVM share.
 */
final class SourceDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Session session;

    private SourceDatabase(String name) throws SQLException {
        this.name = name;
        this.session = connect();
    }

    static SourceDatabase create() throws SQLException {
        return copyOf(Server.SOURCE_TEMPLATE);
    }

    static SourceDatabase createDestination() throws SQLException {
        return copyOf(Server.DESTINATION_TEMPLATE);
    }

    /** One as a user has it before the first step: without any script of ours. */
    static SourceDatabase createEmpty() throws SQLException {
        return copyOf("template0");
    }

    /** The session of the superuser that most tests need only one of. */
    Session session() {
        return session;
    }

    /** A further session of the superuser; the caller closes it. */
    Session connect() throws SQLException {
        return connectAs(PostgresServer.USER, PostgresServer.PASSWORD);
    }

    Session connectAs(String role, String password) throws SQLException {
        return new Session(DriverManager.getConnection(Server.POSTGRES.jdbcUrl(name), role, password));
    }

    @Override
    public void close() throws SQLException {
        session.close();
        administer("DROP DATABASE " + name + " (FORCE)");
        // Roles belong to the whole server.
        administer(
                "DO $$ DECLARE r name; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> '"
                        + PostgresServer.USER
                        + "' LOOP EXECUTE format('DROP OWNED BY %1$I; DROP ROLE %1$I', r); END LOOP; END $$");
    }

    private static SourceDatabase copyOf(String template) throws SQLException {
        String name = "capture_" + COUNT.incrementAndGet();
        administer("CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY FILE_COPY");
        return new SourceDatabase(name);
    }

    private static void administer(String statement) throws SQLException {
        try (Session session = new Session(Server.POSTGRES.connect())) {
            session.run(statement);
        }
    }

    /** Started by the first test that needs it; the stack stops it when the JVM ends. */
    private static final class Server {
        static final String SOURCE_TEMPLATE = "template_source";
        static final String DESTINATION_TEMPLATE = "template_destination";
        static final PostgresServer POSTGRES = start();

        private static PostgresServer start() {
            Stack stack = Stack.builder()
                    .withoutTables()
                    .postgresParameter("fsync", "off")
                    .build();
            PostgresServer server = stack.source();
            server.start();
            fill(server, SOURCE_TEMPLATE, "source");
            fill(server, DESTINATION_TEMPLATE, "destination");
            return server;
        }

        private static void fill(PostgresServer server, String template, String scripts) {
            server.createDatabase(template);
            try (Connection connection = DriverManager.getConnection(
                    server.jdbcUrl(template), PostgresServer.USER, PostgresServer.PASSWORD)) {
                SqlScripts.withExample(SqlScripts.findDirectory(), scripts).runOn(connection);
            } catch (SQLException e) {
                throw new IllegalStateException("Cannot prepare " + template, e);
            }
        }
    }
}
