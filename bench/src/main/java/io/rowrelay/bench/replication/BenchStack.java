package io.rowrelay.bench.replication;

import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two servers and the broker that everything is measured on, and the replications over them, each with databases of its
 * own, so that none finds traces of another.
 *
 * <p>Closing may come from another thread at any moment; it stops the daemons before the servers.
 */
public final class BenchStack implements AutoCloseable {
    private final Project project;
    private final Stack stack;
    private final Path logs;
    private final ClassArchives archives;
    private final List<RowrelayReplication> opened = new ArrayList<>();
    private int replications;
    private boolean closed;

    /** Not yet started. */
    public BenchStack(Project project, Path results) {
        this.project = project;
        this.logs = results.resolve("logs");
        this.archives = new ClassArchives(logs);
        this.stack = Stack.builder()
                .sqlDirectory(project.sql())
                // What logical replication needs; Rowrelay does not ask for it.
                .postgresParameter("wal_level", "logical")
                .brokerInItsOwnProcess()
                .withoutCloseAtExit()
                .build();
    }

    public void start() {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create the directory " + logs, e);
        }
        stack.start();
    }

    /** What the daemons do in their first run. */
    @FunctionalInterface
    public interface FirstRun {
        void of(RowrelayReplication rowrelay) throws SQLException;
    }

    /** Has the daemons run once, so that all that are measured start from archives of classes. */
    public void archiveClasses(FirstRun run) throws SQLException {
        archives.write(true);
        try (RowrelayReplication rowrelay = rowrelay()) {
            rowrelay.start();
            rowrelay.awaitReady();
            run.of(rowrelay);
        }
        archives.write(false);
    }

    public Stack stack() {
        return stack;
    }

    /** Both daemons, not yet started, between databases with capture. */
    public RowrelayReplication rowrelay() {
        return rowrelay(captured(), RowrelayReplication.NAME);
    }

    /** Both daemons, not yet started, with a stream of these tables that is applied in cuts. */
    public RowrelayReplication rowrelayInCuts(BenchTables tables) throws SQLException {
        return rowrelay(DatabasePair.inCuts(stack, project.sql(), nextName(), tables), RowrelayReplication.IN_CUTS);
    }

    private RowrelayReplication rowrelay(DatabasePair databases, String name) {
        RowrelayReplication replication = new RowrelayReplication(name, stack, project, archives, databases, logs);
        register(replication);
        return replication;
    }

    /** Logical replication, not yet enabled, between databases without capture. */
    public LogicalReplication logicalReplication() throws SQLException {
        return logicalReplication(BenchTables.EMPLOYEES);
    }

    /** The same of other tables. */
    public LogicalReplication logicalReplication(BenchTables tables) throws SQLException {
        return LogicalReplication.open(DatabasePair.plain(stack, nextName(), tables), logs);
    }

    /** Databases with capture, and nobody who reads it. */
    public DatabasePair captured() {
        return DatabasePair.captured(stack, project.sql(), nextName());
    }

    /** Databases without capture. */
    public DatabasePair plain() throws SQLException {
        return DatabasePair.plain(stack, nextName(), BenchTables.EMPLOYEES);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            // Whatever fails before: no server may be left running.
            try (stack) {
                opened.forEach(RowrelayReplication::abandon);
                keepServerLogs();
            }
        }
    }

    /** The servers' directory goes away with them. */
    private void keepServerLogs() {
        Map<String, Path> files = Map.of(
                "source-server.log",
                stack.source().logFile(),
                "destination-server.log",
                stack.destination().logFile());
        files.forEach((name, file) -> {
            try {
                if (Files.exists(file)) {
                    Files.copy(file, logs.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot keep " + file, e);
            }
        });
    }

    private synchronized void register(RowrelayReplication replication) {
        if (closed) {
            throw new IllegalStateException("The bench is being stopped");
        }
        opened.add(replication);
    }

    private synchronized String nextName() {
        replications++;
        return "bench_" + replications;
    }
}
