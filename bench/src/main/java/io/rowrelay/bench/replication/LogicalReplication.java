package io.rowrelay.bench.replication;

import io.rowrelay.bench.machine.Processes;
import io.rowrelay.sandbox.stack.Ports;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** PostgreSQL's own logical replication of the same tables, as it comes: one publication, one subscription, no options. */
public final class LogicalReplication implements Replication {
    public static final String NAME = "logical replication";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String PUBLICATION = "bench";

    private final DatabasePair databases;
    private final String subscription;
    private final Connection source;
    private final Connection destination;
    private final Processes processes;
    private final Path logs;

    private LogicalReplication(DatabasePair databases, Connection source, Connection destination, Path logs) {
        this.databases = databases;
        this.logs = logs;
        // The slot is called the same, and its name must be the only one on the server.
        this.subscription = databases.name();
        this.source = source;
        this.destination = destination;
        this.processes = new Processes()
                .with("source server", databases.source())
                .with("destination server", databases.destination())
                .withThis();
    }

    /**
     * Makes publication and subscription, not yet enabled: from now on the source keeps what is changed. The databases are
     * removed when it is closed, and when it cannot be opened.
     */
    @SuppressWarnings("try")
    static LogicalReplication open(DatabasePair databases, Path logs) throws SQLException {
        Connection source = null;
        Connection destination = null;
        try {
            source = databases.connectToSource();
            destination = databases.connectToDestination();
            LogicalReplication replication = new LogicalReplication(databases, source, destination, logs);
            replication.create();
            return replication;
        } catch (SQLException | RuntimeException e) {
            // Closed by what passes the failure on, so that one of the closing cannot hide it.
            try (databases;
                    Connection toSource = source;
                    Connection toDestination = destination) {
                throw e;
            }
        }
    }

    private void create() throws SQLException {
        DatabasePair.execute(source, "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
        DatabasePair.execute(
                destination,
                "CREATE SUBSCRIPTION %s CONNECTION 'host=%s port=%d dbname=%s user=%s password=%s' PUBLICATION %s %s"
                        .formatted(
                                subscription,
                                Ports.LOOPBACK,
                                databases.source().port(),
                                databases.name(),
                                PostgresServer.USER,
                                PostgresServer.PASSWORD,
                                PUBLICATION,
                                "WITH (enabled = false, create_slot = true, copy_data = false)"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DatabasePair databases() {
        return databases;
    }

    @Override
    public void start() throws SQLException {
        DatabasePair.execute(destination, "ALTER SUBSCRIPTION " + subscription + " ENABLE");
    }

    @Override
    public void awaitReady() throws SQLException {
        Wait.until("an active replication slot", this, LIMIT, PAUSE, this::isActive);
    }

    @Override
    public void stop() throws SQLException {
        DatabasePair.execute(destination, "ALTER SUBSCRIPTION " + subscription + " DISABLE");
        Wait.until("the end of the subscription's worker", this, LIMIT, PAUSE, () -> !isActive());
    }

    @Override
    public void check() {
        // The servers start its processes again whenever they end; so it never breaks for good.
    }

    @Override
    public Processes processes() {
        return processes;
    }

    @Override
    public Path logs() {
        return logs;
    }

    @Override
    public void close() throws SQLException {
        try (databases;
                source;
                destination) {
            stop();
            DatabasePair.execute(destination, "DROP SUBSCRIPTION " + subscription);
        }
    }

    private boolean isActive() throws SQLException {
        try (PreparedStatement statement =
                source.prepareStatement("SELECT active FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, subscription);
            try (ResultSet slots = statement.executeQuery()) {
                return slots.next() && slots.getBoolean(1);
            }
        }
    }
}
