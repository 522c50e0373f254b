package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** The tables of a stream, over one session in each database. Not thread-safe. */
public final class StreamTables implements AutoCloseable {
    private static final String LIMITS = "SET statement_timeout = '90s'; SET lock_timeout = '5s';";

    /** The plans must not hang on estimates, and a policy that hides rows must be an error. */
    private static final String SESSION =
            LIMITS + " SET row_security = off; SET enable_seqscan = off; SET enable_bitmapscan = off;";

    /** A little longer than the server's own. */
    private static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(95);

    private final Names names;
    private final CommandClock clock;
    private final PatientSessions sourcePool;
    private final Connection source;
    private final PatientSessions destinationPool;
    private final Connection destination;

    /**
     * The stream and its tables, by their names as in SQL.
     *
     * @param stream the stream
     * @param source the source table
     * @param changes the change table
     * @param destination the destination table
     */
    public record Names(String stream, String source, String changes, String destination) {}

    /** Connects to both databases. */
    public StreamTables(AdminSettings settings, CommandClock clock) throws OutageException {
        this.names = new Names(
                settings.stream().name(), settings.sourceTable(), settings.changeTable(), settings.destinationTable());
        this.clock = clock;
        String name = "rowrelay-admin-" + names.stream();
        this.sourcePool = PatientSessions.open(settings.source(), name, 2, SESSION, settings.timeout());
        this.destinationPool = PatientSessions.open(settings.destination(), name, 1, SESSION, settings.timeout());
        try {
            this.source = connect(sourcePool, "source");
            this.destination = connect(destinationPool, "destination");
        } catch (OutageException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static Connection connect(PatientSessions pool, String role) throws OutageException {
        try {
            Connection connection = pool.getOnceThere();
            connection.setAutoCommit(false);
            // Statements of the commands may take their time.
            connection.setNetworkTimeout(Runnable::run, (int) STATEMENT_DEADLINE.toMillis());
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                row.next();
                if (row.getBoolean(1) && role.equals("source")) {
                    throw new CommandFailedException(
                            "the source database is a standby: point SOURCE_DB_URL at the primary");
                }
            }
            connection.commit();
            return connection;
        } catch (SQLException failure) {
            throw SqlFailures.outage("connecting to the " + role + " database", failure);
        }
    }

    /** Limits what statements of the session may take and wait, unless they are given less. */
    static void limit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS);
        }
    }

    /** Reads from both databases. */
    @FunctionalInterface
    public interface Reading<T> {
        T from(Connection source, Connection destination) throws SQLException, OutageException;
    }

    /** Reads, and ends the transactions. */
    public <T> T read(String doing, Reading<T> reading) throws OutageException {
        try {
            T result = reading.from(source, destination);
            source.commit();
            destination.commit();
            return result;
        } catch (SQLException failure) {
            throw SqlFailures.outage(doing, failure);
        }
    }

    /** What the stream and its tables are called. */
    public Names names() {
        return names;
    }

    /** Refuses tables whose primary keys have other columns. */
    public void requireSameKeys() throws OutageException {
        read("reading the definitions of the tables", (here, there) -> {
            KeyedTable table = KeyCatalog.read(here, names.source());
            table.requireSameKey(KeyCatalog.read(there, names.destination()));
            return table;
        });
    }

    /** The source table and its change table; the condition chooses rows. */
    public SourceTable source(Optional<String> where) throws OutageException {
        return read(
                "reading the definition of " + names.source(),
                (here, there) -> new SourceTable(
                        here, KeyCatalog.read(here, names.source()), changes(), Condition.of(where), clock));
    }

    /** The destination table; the condition chooses rows. */
    public DestinationTable destination(Optional<String> where) throws OutageException {
        return read(
                "reading the definition of " + names.destination(),
                (here, there) -> new DestinationTable(
                        there, KeyCatalog.read(there, names.destination()), names.stream(), Condition.of(where)));
    }

    /** The change table. */
    public ChangeTable changes() throws OutageException {
        return read(
                "reading the definition of " + names.changes(),
                (here, there) -> ChangeTableCatalog.read(here, names.source(), names.changes()));
    }

    /** Which other streams write the destination table. */
    public DestinationWriters writers() throws OutageException {
        return read(
                "reading which streams write " + names.destination(),
                (here, there) -> DestinationWriters.read(there, names.destination(), names.stream()));
    }

    /** What PostgreSQL says, on either side, against a condition on the rows, or nothing. */
    public Optional<String> refusal(String condition) throws OutageException {
        Optional<String> refusal = refusalInSource(condition);
        return refusal.isPresent()
                ? refusal
                : read(
                        "trying the condition",
                        (here, there) -> new Condition(condition)
                                .refusal(
                                        there,
                                        KeyCatalog.read(there, names.destination())
                                                .name()));
    }

    /** What PostgreSQL says, in the source, against a condition on the rows, or nothing. */
    public Optional<String> refusalInSource(String condition) throws OutageException {
        return read(
                "trying the condition",
                (here, there) -> new Condition(condition)
                        .refusal(here, KeyCatalog.read(here, names.source()).name()));
    }

    /** One more session in the source, for {@link #release}. */
    public Connection furtherSourceSession() throws OutageException {
        return connect(sourcePool, "source");
    }

    /** Ends a further session. */
    public void release(Connection session) {
        sourcePool.evict(session);
    }

    @Override
    public void close() {
        sourcePool.close();
        destinationPool.close();
    }
}
