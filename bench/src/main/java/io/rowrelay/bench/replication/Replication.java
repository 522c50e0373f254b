package io.rowrelay.bench.replication;

import io.rowrelay.bench.machine.Processes;
import java.nio.file.Path;
import java.sql.SQLException;

/** A way for changes from the source's table to the destination's; several of them get the same load. */
public interface Replication extends AutoCloseable {
    /** What to call it in results. */
    String name();

    /** The two databases, its own, in which nothing else happens. */
    DatabasePair databases();

    /** Begins to replicate what waits and what comes, and returns at once. */
    void start() throws SQLException;

    /** Returns when it does its work. */
    void awaitReady() throws SQLException;

    /** Stops; what is changed from now on waits. */
    void stop() throws SQLException;

    /** Throws if it has broken and will not go on. */
    void check();

    /** The processes that work for it. */
    Processes processes();

    /** The directory to look into when something is wrong. */
    Path logs();

    /** Stops, and removes the databases. */
    @Override
    void close() throws SQLException;
}
