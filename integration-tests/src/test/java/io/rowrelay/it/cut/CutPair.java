package io.rowrelay.it.cut;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.Databases;
import io.rowrelay.common.settings.Secret;
import io.rowrelay.consumer.cut.CutDestination;
import io.rowrelay.consumer.cut.CutSession;
import io.rowrelay.consumer.cut.jdbc.JdbcCutDestination;
import io.rowrelay.consumer.jdbc.JdbcChangeApplier;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.SqlScripts;
import io.rowrelay.sandbox.stack.Stack;
import io.rowrelay.stream.json.JsonRecordReader;
import io.rowrelay.stream.record.Rejected;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A source and a destination in two databases of one server, and the stream {@code shop} over the tables of the schema public. */
final class CutPair implements AutoCloseable {
    static final String STREAM = "shop";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String source;
    private final String destination;
    private final String role;
    private final HikariDataSource pool;
    private final List<Rejected> deadLetters = new CopyOnWriteArrayList<>();

    /**
     * Creates the tables on both sides.
     *
     * @param replica whether the consumer's role may set session_replication_role
     */
    CutPair(boolean replica, String tables, List<String> names) throws SQLException {
        int number = COUNT.incrementAndGet();
        this.source = "cut_source_" + number;
        this.destination = "cut_destination_" + number;
        this.role = "cut_role_" + number;
        administer("CREATE DATABASE " + source + " TEMPLATE " + Server.SOURCE_TEMPLATE + " STRATEGY FILE_COPY");
        administer(
                "CREATE DATABASE " + destination + " TEMPLATE " + Server.DESTINATION_TEMPLATE + " STRATEGY FILE_COPY");
        try (Connection there = connectSource();
                Connection here = connectDestination()) {
            run(there, tables, "SELECT cdc_stream('shop', 'public.*')");
            String list = String.join("','", names);
            run(
                    here,
                    tables,
                    "SELECT cdc_destination_stream('shop', '" + list + "')",
                    "CREATE ROLE " + role + " LOGIN PASSWORD 'cdc'",
                    "SELECT cdc_grant_destination_stream('" + role + "', '" + list + "')");
            if (!replica) {
                run(here, "REVOKE SET ON PARAMETER session_replication_role FROM " + role);
            }
        }
        this.pool = Databases.open(
                new DatabaseSettings(Server.POSTGRES.jdbcUrl(destination), role, Secret.of("cdc")),
                "cut-" + number,
                3,
                JdbcChangeApplier.SESSION,
                new SimpleMeterRegistry());
    }

    static void run(Connection connection, String... scripts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String script : scripts) {
                statement.execute(script);
            }
        }
    }

    static List<String> list(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
            return values;
        }
    }

    /** What each row of each table looks like. */
    static List<String> content(Connection connection, List<String> tables) throws SQLException {
        List<String> content = new ArrayList<>();
        for (String table : tables) {
            content.addAll(list(connection, "SELECT '" + table + ' ' + "' || t::text FROM " + table + " t ORDER BY 1"));
        }
        return content;
    }

    Connection connectSource() throws SQLException {
        return connect(source, PostgresServer.USER);
    }

    Connection connectDestination() throws SQLException {
        return connect(destination, PostgresServer.USER);
    }

    private static Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(Server.POSTGRES.jdbcUrl(database), role, PostgresServer.PASSWORD);
    }

    CutDestination consumer() {
        return new JdbcCutDestination(
                pool, STREAM, new JsonRecordReader(Optional.empty()), deadLetters::addAll, System::nanoTime);
    }

    CutSession open() throws Exception {
        return consumer().tryOpen().orElseThrow();
    }

    List<Rejected> deadLetters() {
        return List.copyOf(deadLetters);
    }

    @Override
    public void close() throws SQLException {
        pool.close();
        administer("DROP DATABASE " + source + " (FORCE)");
        administer("DROP DATABASE " + destination + " (FORCE)");
        administer("REVOKE SET ON PARAMETER session_replication_role FROM " + role);
        administer("DROP ROLE " + role);
    }

    private static void administer(String statement) throws SQLException {
        try (Connection connection = Server.POSTGRES.connect()) {
            run(connection, statement);
        }
    }

    /** Started by the first test that needs it; the stack stops it when the JVM ends. */
    private static final class Server {
        static final String SOURCE_TEMPLATE = "template_source";
        static final String DESTINATION_TEMPLATE = "template_destination";
        static final PostgresServer POSTGRES = start();

        private static PostgresServer start() {
            PostgresServer server = Stack.builder()
                    .withoutTables()
                    .postgresParameter("fsync", "off")
                    .build()
                    .source();
            server.start();
            fill(server, SOURCE_TEMPLATE, "source");
            fill(server, DESTINATION_TEMPLATE, "destination");
            return server;
        }

        private static void fill(PostgresServer server, String template, String scripts) {
            server.createDatabase(template);
            try (Connection connection = DriverManager.getConnection(
                    server.jdbcUrl(template), PostgresServer.USER, PostgresServer.PASSWORD)) {
                SqlScripts.in(SqlScripts.findDirectory().resolve(scripts)).runOn(connection);
            } catch (SQLException failure) {
                throw new IllegalStateException("cannot prepare " + template, failure);
            }
        }
    }
}
