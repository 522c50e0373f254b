package io.rowrelay.admin.tables;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.CommandClock;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.jdbc.Standby;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.runtime.Programs;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.TableStream;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.jdbc.InstalledVersion;
import io.rowrelay.stream.jdbc.StoredMode;
import io.rowrelay.stream.table.ChangeTable;
import io.rowrelay.stream.table.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The tables of a stream, over one session in each database. Not thread-safe. */
public final class StreamTables implements AutoCloseable {
    private static final String LIMITS = "SET statement_timeout = '90s'; SET lock_timeout = '5s';";

    /** The plans must not depend on estimates, and a policy that hides rows must be an error. */
    private static final String SESSION = LIMITS + " SET enable_seqscan = off; SET enable_bitmapscan = off;";

    /** A little longer than the server's deadline. */
    private static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(95);

    private final AdminSettings settings;
    private final CommandClock clock;
    private final PatientSessions sourcePool;
    private final TableSession source;
    private final PatientSessions destinationPool;
    private final TableSession destination;
    private final boolean ofMany;

    /** Connects to both databases. */
    public StreamTables(AdminSettings settings, CommandClock clock) throws OutageException {
        this.settings = settings;
        this.clock = clock;
        this.ofMany = false;
        String name = "rowrelay-admin-" + stream();
        this.sourcePool = PatientSessions.open(settings.source(), name, 2, SESSION, settings.timeout());
        this.destinationPool = PatientSessions.open(settings.destination(), name, 1, SESSION, settings.timeout());
        try {
            this.source = connect(sourcePool, InstalledVersion.SOURCE);
            this.destination = connect(destinationPool, InstalledVersion.DESTINATION);
        } catch (OutageException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private StreamTables(StreamTables all, RegisteredTable table) {
        this.settings = table.settings(all.settings);
        this.clock = all.clock;
        this.sourcePool = all.sourcePool;
        this.source = all.source;
        this.destinationPool = all.destinationPool;
        this.destination = all.destination;
        this.ofMany = true;
    }

    /** The tables that the source has in its registry for the stream; none where the settings name its one table. */
    public List<RegisteredTable> registered() throws OutageException {
        return source.run(
                "reading which tables the stream has", connection -> RegisteredTable.read(connection, stream()));
    }

    /** One of them, over the same sessions, which are closed with this. */
    public StreamTables of(RegisteredTable table) {
        return new StreamTables(this, table);
    }

    /** Whether this is a table of a stream of many. */
    public boolean isOfMany() {
        return ofMany;
    }

    /** How the destination applies a stream of many tables. */
    public ApplyMode mode() throws OutageException {
        return destination
                .run("reading how the stream is applied", connection -> StoredMode.read(connection, stream()))
                .orElse(ApplyMode.CUTS);
    }

    /** Whether the rows of the table say in the destination which change they show. */
    public boolean isFenced() throws OutageException {
        return !ofMany || mode() == ApplyMode.ROWS;
    }

    /** What the destination remembers of this table is kept under this name. */
    private String destinationStream() throws OutageException {
        return ofMany && mode() == ApplyMode.ROWS
                ? TableStream.of(stream(), settings.stream().topic())
                : stream();
    }

    /** Which state of the source the destination shows; empty where it does not apply the stream in cuts. */
    public Optional<AppliedSnapshot> applied() throws OutageException {
        return destination.run(
                "reading which state is applied", connection -> AppliedSnapshot.read(connection, stream()));
    }

    /** What the consumer leaves out would count as arrived. */
    public void refusePaused(Collection<RegisteredTable> wanted) throws OutageException {
        List<String> paused = applied().map(AppliedSnapshot::pausedTables).orElse(List.of());
        for (RegisteredTable table : wanted) {
            if (paused.contains(table.name())) {
                throw new CommandFailedException(table.name() + " is paused: "
                        + Programs.command("resume --table " + table.name()) + " sends its rows");
            }
        }
    }

    /** Lets a cut count as applied without its changes; false where the destination shows another state by now. */
    public boolean skipTo(AppliedSnapshot from, Cut cut) throws OutageException {
        return destination.run("setting which state is applied", connection -> from.skipTo(connection, stream(), cut));
    }

    /** Notes that no rejected change is missing any more; false where another one was rejected since. */
    public boolean setWhole(String brokenSince) throws OutageException {
        return destination.run(
                "noting that no change is missing",
                connection -> AppliedSnapshot.setWhole(connection, stream(), brokenSince));
    }

    private static TableSession connect(PatientSessions pool, InstalledVersion installed) throws OutageException {
        try {
            Connection connection = pool.getOnceThere();
            connection.setAutoCommit(false);
            // Statements of the commands may take long.
            connection.setNetworkTimeout(Runnable::run, (int) STATEMENT_DEADLINE.toMillis());
            if (installed == InstalledVersion.SOURCE && Standby.is(connection)) {
                throw new CommandFailedException(
                        "the source database is a standby: point SOURCE_DB_URL at the primary");
            }
            installed.require(connection);
            connection.commit();
            return new TableSession(connection);
        } catch (SQLException failure) {
            throw SqlFailures.outage("connecting to the " + installed.database() + " database", failure);
        }
    }

    /** Limits what statements of the session may take and wait, unless they are given less. */
    static void limit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS);
        }
    }

    /** The session in the source. */
    public TableSession source() {
        return source;
    }

    /** The session in the destination. */
    public TableSession destination() {
        return destination;
    }

    /** What the tables are called, among others. */
    public AdminSettings settings() {
        return settings;
    }

    /** What the stream is called. */
    public String stream() {
        return settings.stream().name();
    }

    /** The source table's key. */
    public KeyedTable sourceKey() throws OutageException {
        return key(source, settings.sourceTable());
    }

    /** The destination table's key. */
    public KeyedTable destinationKey() throws OutageException {
        return key(destination, settings.destinationTable());
    }

    private static KeyedTable key(TableSession session, String table) throws OutageException {
        return session.run("reading the definition of " + table, connection -> KeyCatalog.read(connection, table));
    }

    /** The source table and its change table; the condition chooses rows. */
    public SourceTable source(Optional<String> where) throws OutageException {
        return new SourceTable(source, sourceKey(), changes(), Condition.of(where), clock);
    }

    /** The destination table; the condition chooses rows. */
    public DestinationTable destination(Optional<String> where) throws OutageException {
        return new DestinationTable(destination, destinationKey(), destinationStream(), Condition.of(where));
    }

    /** The change table. */
    public ChangeTable changes() throws OutageException {
        return source.run(
                "reading the definition of " + settings.changeTable(),
                connection -> ofMany
                        ? ChangeTableCatalog.readOfStream(connection, settings.sourceTable(), settings.changeTable())
                        : ChangeTableCatalog.read(connection, settings.sourceTable(), settings.changeTable()));
    }

    /** How many rows the source table has by the planner's estimate; 0 when it has none. */
    public long expectedSourceRows() throws OutageException {
        return source.one(
                "reading the size of " + settings.sourceTable(),
                "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint FROM pg_class c WHERE c.relkind = 'r' AND (c.oid = ?::regclass"
                        + " OR c.oid IN (SELECT t.relid FROM pg_partition_tree(?::regclass) t))",
                row -> row.getLong(1),
                settings.sourceTable(),
                settings.sourceTable());
    }

    /** Which other streams write the destination table. */
    public DestinationWriters writers() throws OutageException {
        String mine = destinationStream();
        return destination.run(
                "reading which streams write " + settings.destinationTable(),
                connection -> DestinationWriters.read(connection, settings.destinationTable(), mine));
    }

    /** PostgreSQL's error message for a condition on the rows, from either side, or nothing. */
    public Optional<String> refusal(String condition) throws OutageException {
        Optional<String> refusal = refusalInSource(condition);
        return refusal.isPresent() ? refusal : refusal(destination, condition, destinationKey());
    }

    /** PostgreSQL's error message in the source for a condition on the rows, or nothing. */
    public Optional<String> refusalInSource(String condition) throws OutageException {
        return refusal(source, condition, sourceKey());
    }

    private static Optional<String> refusal(TableSession session, String condition, KeyedTable table)
            throws OutageException {
        return session.run(
                "trying the condition", connection -> new Condition(condition).refusal(connection, table.name()));
    }

    /** One more session in the source, for {@link #release}. */
    public TableSession furtherSourceSession() throws OutageException {
        return connect(sourcePool, InstalledVersion.SOURCE);
    }

    /** Ends a further session. */
    public void release(TableSession session) {
        sourcePool.evict(session.connection());
    }

    @Override
    public void close() {
        sourcePool.close();
        destinationPool.close();
    }
}
