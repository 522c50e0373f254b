package io.rowrelay.admin.jdbc;

import io.rowrelay.admin.backfill.Candidates;
import io.rowrelay.admin.backfill.Marks;
import io.rowrelay.admin.command.CommandFailedException;
import io.rowrelay.admin.passage.StreamProgress;
import io.rowrelay.admin.reanchor.Anchor;
import io.rowrelay.admin.resync.DestinationTable;
import io.rowrelay.admin.resync.SourceTable;
import io.rowrelay.admin.resync.Writers;
import io.rowrelay.admin.verify.Sides;
import io.rowrelay.common.jdbc.DatabaseSettings;
import io.rowrelay.common.jdbc.PatientSessions;
import io.rowrelay.common.jdbc.SqlFailures;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.jdbc.ChangeTable;
import io.rowrelay.stream.jdbc.ChangeTableCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The two databases of a stream, one session each, and one more for the stream's lock. Not thread-safe. */
public final class AdminDatabases implements AutoCloseable {
    private static final String LIMITS = "SET statement_timeout = '90s'; SET lock_timeout = '5s';";

    /** The plans must not hang on estimates, and a policy that hides rows must be an error. */
    private static final String SESSION =
            LIMITS + " SET row_security = off; SET enable_seqscan = off; SET enable_bitmapscan = off;";

    /** A little longer than the server's own. */
    private static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(95);

    private final String stream;
    private final String sourceTable;
    private final String changeTable;
    private final PatientSessions source;
    private final Connection sourceSession;
    private final PatientSessions destination;
    private final Connection destinationSession;

    /** Connects to both; {@code timeout} is how long it waits for a server. */
    public AdminDatabases(
            String stream,
            DatabaseSettings source,
            DatabaseSettings destination,
            String sourceTable,
            String changeTable,
            Duration timeout)
            throws OutageException {
        this.stream = stream;
        this.sourceTable = sourceTable;
        this.changeTable = changeTable;
        String name = "rowrelay-admin-" + stream;
        this.source = PatientSessions.open(source, name, 2, SESSION, timeout);
        this.destination = PatientSessions.open(destination, name, 1, SESSION, timeout);
        try {
            this.sourceSession = connect(this.source, "source");
            this.destinationSession = connect(this.destination, "destination");
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

    /** What statements of the sessions may take and wait, unless they are given less. */
    static void limit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMITS);
        }
    }

    /** The source table and its change table; the condition chooses rows. */
    public SourceTable source(Optional<String> where) throws OutageException {
        try {
            SourceTable table = new JdbcSourceTable(
                    sourceSession, KeyCatalog.read(sourceSession, sourceTable), changes(), Condition.of(where));
            sourceSession.commit();
            return table;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + sourceTable, failure);
        }
    }

    /** The destination table, by its name as in SQL; the condition chooses rows. */
    public DestinationTable destination(String table, Optional<String> where) throws OutageException {
        try {
            DestinationTable found = new JdbcDestinationTable(
                    destinationSession, KeyCatalog.read(destinationSession, table), stream, Condition.of(where));
            destinationSession.commit();
            return found;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + table, failure);
        }
    }

    /** Which other streams write the destination table, by its name as in SQL. */
    public Writers writers(String table) throws OutageException {
        try {
            Writers writers = WritersOfTable.read(destinationSession, table, stream);
            destinationSession.commit();
            return writers;
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading which streams write " + table, failure);
        }
    }

    /**
     * What PostgreSQL says, on either side, against a condition on the rows, or nothing.
     *
     * @param table the destination table, by its name as in SQL
     */
    public Optional<String> refusal(String condition, String table) throws OutageException {
        Optional<String> here = refusal(condition);
        return here.isPresent() ? here : refusal(condition, destinationSession, table);
    }

    /** What PostgreSQL says, in the source, against a condition on the rows, or nothing. */
    public Optional<String> refusal(String condition) throws OutageException {
        return refusal(condition, sourceSession, sourceTable);
    }

    private static Optional<String> refusal(String condition, Connection session, String table) throws OutageException {
        try {
            return new Condition(condition)
                    .refusal(session, KeyCatalog.read(session, table).name());
        } catch (SQLException failure) {
            throw SqlFailures.outage("trying the condition", failure);
        }
    }

    /** The source's rows, to be sent where the condition is true. */
    public Candidates candidates(Optional<String> where) throws OutageException {
        try {
            KeyedTable table = KeyCatalog.read(sourceSession, sourceTable);
            sourceSession.commit();
            return new JdbcCandidates(sourceSession, table, Condition.of(where));
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + sourceTable, failure);
        }
    }

    /** How far a backfill is. */
    public Marks marks() throws OutageException {
        try {
            int columns = KeyCatalog.read(sourceSession, sourceTable).key().size();
            sourceSession.commit();
            return new JdbcMarks(sourceSession, stream, columns);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + sourceTable, failure);
        }
    }

    /**
     * Both tables, to be compared where the condition is true.
     *
     * @param table the destination table, by its name as in SQL
     */
    public Sides sides(String table, Optional<String> where) throws OutageException {
        try {
            Condition condition = Condition.of(where);
            ChangeTable changes = changes();
            KeyedTable here = KeyCatalog.read(sourceSession, sourceTable);
            KeyedTable there = KeyCatalog.read(destinationSession, table);
            refuseOtherKeys(here, there);
            ComparedColumns columns =
                    ComparedColumns.read(sourceSession, sourceTable, changes, destinationSession, table);
            Hashing hashing = Hashing.forBoth(sourceSession, destinationSession);
            ComparedSql sourceSql =
                    new ComparedSql(here, columns.ofSource(), "r.ctid::text || ' ' || r.xmin", hashing, condition);
            ComparedSql changesSql =
                    new ComparedSql(here.within(changes), columns.ofChanges(), "r.action_id::text", hashing, condition);
            ComparedSql destinationSql = new ComparedSql(
                    there, columns.ofDestination(), "coalesce(r." + there.fence() + "::text, '')", hashing, condition);
            sourceSession.commit();
            destinationSession.commit();
            JdbcComparedTable source = new JdbcComparedTable(sourceSession, here, sourceSql);
            return new Sides(
                    stream,
                    source,
                    new JdbcSourceSnapshots(sourceSession, source, changes, changesSql),
                    new JdbcComparedTable(destinationSession, there, destinationSql),
                    ComparedColumns.plain(
                            here.key().stream().map(KeyedTable.Column::name).toList()),
                    ComparedColumns.plain(columns.columns().stream()
                            .map(ComparedColumns.Column::name)
                            .toList()),
                    columns.scope(),
                    here.ordersLike(there));
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definitions of the tables", failure);
        }
    }

    private static void refuseOtherKeys(KeyedTable here, KeyedTable there) {
        List<String> ours = here.key().stream().map(KeyedTable.Column::name).toList();
        List<String> theirs = there.key().stream().map(KeyedTable.Column::name).toList();
        if (!ours.equals(theirs)) {
            throw new CommandFailedException(
                    "the primary keys differ: " + ours + " in the source, " + theirs + " in the destination");
        }
    }

    /** How far the daemons are. */
    public StreamProgress progress() throws OutageException {
        try {
            ChangeTable changes = changes();
            sourceSession.commit();
            return new JdbcStreamProgress(sourceSession, destinationSession, stream, changes);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + changeTable, failure);
        }
    }

    /** The stream's beginning, over a session of its own that can hold the stream's lock. */
    public Anchor anchor() throws OutageException {
        try {
            ChangeTable changes = changes();
            sourceSession.commit();
            return new JdbcAnchor(source, connect(source, "source"), stream, changes);
        } catch (SQLException failure) {
            throw SqlFailures.outage("reading the definition of " + changeTable, failure);
        }
    }

    private ChangeTable changes() throws SQLException, OutageException {
        return ChangeTableCatalog.read(sourceSession, sourceTable, changeTable);
    }

    @Override
    public void close() {
        source.close();
        destination.close();
    }
}
