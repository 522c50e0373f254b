package io.rowrelay.sandbox.bench;

import io.rowrelay.sandbox.daemon.Project;
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
 * The two servers and the broker that everything is measured on, and the pipelines over them, each with databases of its
 * own, so that none finds traces of another.
 *
 * <p>Closing may come from another thread at any moment; it stops the daemons before the servers.
 */
final class Bed implements AutoCloseable {
    /** Changes; enough that every class has been used. */
    private static final int ARCHIVED_RUN = 5_000;

    private final Project project;
    private final Stack stack;
    private final Path logs;
    private final ClassArchives archives;
    private final List<RowrelayPipeline> opened = new ArrayList<>();
    private int pipelines;
    private boolean closed;

    /** Not yet started. */
    Bed(Project project, Path results) {
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

    void start() {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create the directory " + logs, e);
        }
        stack.start();
    }

    /** Has the daemons run once, so that all that are measured start from archives of classes. */
    void archiveClasses() throws SQLException {
        archives.write(true);
        try (RowrelayPipeline rowrelay = rowrelay()) {
            rowrelay.start();
            rowrelay.awaitReady();
            TimedLoad.run(rowrelay, new Load(1, ARCHIVED_RUN));
        }
        archives.write(false);
    }

    Stack stack() {
        return stack;
    }

    /** Both daemons, not yet started, between databases with capture. */
    RowrelayPipeline rowrelay() {
        DatabasePair databases = captured();
        RowrelayPipeline pipeline = new RowrelayPipeline(stack, project, archives, databases, logs);
        register(pipeline);
        return pipeline;
    }

    /** Logical replication, not yet enabled, between databases without capture. */
    LogicalReplication logicalReplication() throws SQLException {
        return LogicalReplication.open(plain(), logs);
    }

    /** Databases with capture, and nobody who reads it. */
    DatabasePair captured() {
        return DatabasePair.captured(stack, project.sql(), nextName());
    }

    /** Databases without capture. */
    DatabasePair plain() throws SQLException {
        return DatabasePair.plain(stack, project.sql(), nextName());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            // Whatever fails before: no server may be left running.
            try (stack) {
                opened.forEach(RowrelayPipeline::abandon);
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

    private synchronized void register(RowrelayPipeline pipeline) {
        if (closed) {
            throw new IllegalStateException("The bench is being stopped");
        }
        opened.add(pipeline);
    }

    private synchronized String nextName() {
        pipelines++;
        return "bench_" + pipelines;
    }
}
