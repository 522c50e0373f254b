package io.rowrelay.sandbox.stack;

import static java.nio.file.StandardOpenOption.APPEND;

import io.rowrelay.sandbox.process.LogTail;
import io.rowrelay.sandbox.process.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server as a process of its own, on the loopback address, with one database that belongs to the superuser
 * {@value #USER}.
 *
 * <p>It can be stopped, killed and started again: data and port stay the same. All methods are safe to call from any
 * thread.
 */
public final class PostgresServer implements AutoCloseable {
    /** The superuser that owns everything. */
    public static final String USER = "cdc";

    /** The superuser's password, unless the stack has random ones: see {@link #password}. */
    public static final String PASSWORD = "cdc";

    private static final int PASSWORD_BYTES = 18;

    private static final String PARAMETERS_FILE = "sandbox.conf";
    private static final String WAIT_SECONDS = "60";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final Unprivileged user;
    private final Path data;
    private final int port;
    private boolean closed;

    PostgresServer(PostgresSettings settings, PostgresBinaries binaries, Unprivileged user) {
        this.settings = settings;
        this.binaries = binaries;
        this.user = user;
        this.data = settings.directory().resolve("data");
        this.port = Ports.orAnyFree(settings.port());
    }

    /**
     * A server that belongs to no stack, not yet started. Servers whose directories lie side by side share PostgreSQL's
     * programs, in a directory {@code postgresql} beside them.
     */
    public static PostgresServer in(Path directory, String database, Map<String, String> parameters) {
        Unprivileged user = Unprivileged.detect();
        Path parent = Directories.create(directory.toAbsolutePath())
                .resolveSibling("")
                .normalize();
        user.letThrough(parent);
        return new PostgresServer(
                new PostgresSettings(directory, database, 0, parameters, null, false),
                new PostgresBinaries(parent.resolve("postgresql")),
                user);
    }

    /** A server on a copy of this one's files, not yet started, on another port; this one must be stopped. */
    public synchronized PostgresServer copy(Path directory) {
        if (isRunning()) {
            throw new IllegalStateException("The files of a running server are no backup");
        }
        PostgresServer copy = in(directory, settings.database(), settings.parameters());
        Directories.copy(data, copy.data);
        try {
            if (Files.exists(passwordFile())) {
                OwnerFile.write(copy.passwordFile(), password());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + copy.passwordFile(), e);
        }
        user.handOver(directory);
        return copy;
    }

    /** The same, made to follow this server as a streaming standby until it is promoted. */
    public synchronized PostgresServer standby(Path directory) {
        PostgresServer standby = copy(directory);
        try {
            Files.createFile(standby.data.resolve("standby.signal"));
            Files.writeString(
                    standby.data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=%s port=%d user=%s password=%s'%n"
                            .formatted(Ports.LOOPBACK, port, USER, password()),
                    APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a standby of " + standby.data, e);
        }
        return standby;
    }

    /** Starts the server, on new or existing data, and creates the database if it is missing. */
    public synchronized void start() {
        if (closed) {
            throw new IllegalStateException("The server is closed");
        }
        if (!Files.exists(data)) {
            initialise();
        }
        endLeftover();
        writeParameters();
        startProcess();
        createDatabase(settings.database());
        LOG.info("PostgreSQL has started, database={} port={}", settings.database(), port);
    }

    /** Stops the server; clients are disconnected, nothing committed is lost. */
    public synchronized void stop() {
        if (isRunning()) {
            control("stop", "-m", "fast");
            LOG.info("PostgreSQL has stopped, database={}", settings.database());
        }
    }

    /** Kills the server and all its processes at once, as a power cut would. */
    public synchronized void kill() {
        Postmaster.of(data).ifPresent(Postmaster::kill);
    }

    /** The ids of its processes, the main one first, for signals; none while it does not run. */
    public synchronized List<Long> processes() {
        return Postmaster.of(data).map(Postmaster::processes).orElse(List.of());
    }

    /** Stops and starts the server. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** Stops the server for good. */
    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }

    /** Whether the server's main process runs. */
    public boolean isRunning() {
        return Postmaster.of(data).isPresent();
    }

    /** The JDBC URL of the server's database, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl(settings.database());
    }

    /** The JDBC URL of any database of this server, without user and password. */
    public String jdbcUrl(String database) {
        StackSecurity security = settings.security();
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/" + database
                + (security == null ? "" : security.urlParameters());
    }

    /** The superuser's password. */
    public String password() {
        try {
            return Files.exists(passwordFile()) ? Files.readString(passwordFile()) : PASSWORD;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + passwordFile(), e);
        }
    }

    private Path passwordFile() {
        return settings.directory().resolve("password");
    }

    /** The port the server listens on; the same after a restart. */
    public int port() {
        return port;
    }

    /** The file the server logs to. */
    public Path logFile() {
        return settings.directory().resolve("postgresql.log");
    }

    /** The command that opens the database in psql. */
    public String psqlCommand() {
        return "psql postgresql://" + USER + ":" + password() + "@" + Ports.LOOPBACK + ":" + port + "/"
                + settings.database();
    }

    /** A new connection to the server's database; the caller closes it. */
    public Connection connect() throws SQLException {
        return connect(settings.database());
    }

    /** A new connection to any database of this server; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), USER, password());
    }

    /** Runs the scripts in the server's database. */
    public void apply(SqlScripts scripts) {
        apply(scripts, settings.database());
    }

    /** The same in another database of this server. */
    public void apply(SqlScripts scripts, String database) {
        // The server takes a script apart as psql has it done; the driver would do so by itself, and not always
        // rightly.
        Properties simple = new Properties();
        simple.putAll(Map.of("preferQueryMode", "simple", "user", USER, "password", password()));
        try (Connection connection = DriverManager.getConnection(jdbcUrl(database), simple)) {
            scripts.runOn(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot apply the scripts " + scripts.files(), e);
        }
    }

    /** Creates a further database on this server, unless it is there. */
    public void createDatabase(String name) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), USER, password());
                PreparedStatement find = connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?");
                Statement create = connection.createStatement()) {
            find.setString(1, name);
            try (ResultSet found = find.executeQuery()) {
                if (!found.next()) {
                    create.execute("CREATE DATABASE " + create.enquoteIdentifier(name, true));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create the database " + name, e);
        }
    }

    /** Drops a further database, with all that is connected to it; does nothing if it is not there. */
    public void dropDatabase(String name) {
        try (Connection connection = connect("postgres");
                Statement drop = connection.createStatement()) {
            drop.execute("DROP DATABASE IF EXISTS " + drop.enquoteIdentifier(name, true) + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot drop the database " + name, e);
        }
    }

    private void initialise() {
        Path directory = Directories.create(settings.directory());
        // By way of another name: initdb that was killed half-way leaves a directory that looks like a good one.
        Path unfinished = directory.resolve("data.new");
        Path password = directory.resolve("initial-password");
        Directories.delete(unfinished);
        try {
            if (settings.randomPassword()) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                OwnerFile.write(passwordFile(), Base64.getUrlEncoder().encodeToString(random));
            }
            OwnerFile.write(password, password());
            user.handOver(directory);
            run(
                    "initdb",
                    "-D",
                    unfinished.toString(),
                    "-U",
                    USER,
                    "--pwfile=" + password,
                    "-A",
                    "scram-sha-256",
                    // The password is no secret, and proving it would cost a client 25 ms of CPU at each connection.
                    "-c",
                    "scram_iterations=1",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync");
            Files.writeString(unfinished.resolve("postgresql.conf"), "include '" + PARAMETERS_FILE + "'\n", APPEND);
            Files.delete(password);
            Files.move(unfinished, data);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot prepare " + data, e);
        }
    }

    /** Ends a server that a killed JVM left running, and removes the lock file that a killed server left. */
    private void endLeftover() {
        if (isRunning()) {
            LOG.warn("A PostgreSQL server of an earlier run still runs and is stopped, data={}", data);
            control("stop", "-m", "fast");
        }
        try {
            Files.deleteIfExists(data.resolve(Postmaster.FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the stale lock file in " + data, e);
        }
    }

    private void writeParameters() {
        Map<String, String> parameters = new TreeMap<>(settings.parameters());
        parameters.put("listen_addresses", Ports.LOOPBACK);
        parameters.put("port", Integer.toString(port));
        StackSecurity security = settings.security();
        if (security != null) {
            parameters.putAll(security.secure(settings.directory(), user));
        }
        // A socket file would need a short path, and nobody asks for it.
        parameters.put("unix_socket_directories", "");
        List<String> lines = new ArrayList<>();
        parameters.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        try {
            Files.write(data.resolve(PARAMETERS_FILE), lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the parameters to " + data, e);
        }
    }

    private void startProcess() {
        try {
            // pg_ctl starts it in a session of its own: Ctrl-C in the terminal does not reach it.
            control("start", "-l", logFile().toString());
        } catch (IllegalStateException e) {
            throw new SandboxException(e.getMessage() + LogTail.of(logFile()));
        }
    }

    private void control(String action, String... options) {
        List<String> arguments = new ArrayList<>(List.of(action, "--silent", "--wait", "-t", WAIT_SECONDS));
        arguments.addAll(List.of("-D", data.toString()));
        arguments.addAll(List.of(options));
        run("pg_ctl", arguments.toArray(String[]::new));
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(binaries.program(program)));
        command.addAll(List.of(arguments));
        SystemPrograms.run(user.command(command));
    }
}
