package io.rowrelay.sandbox.stack;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source PostgreSQL, a destination PostgreSQL and a Kafka broker, started together.
 *
 * <p>They stop when the stack is closed and, unless asked otherwise, when the JVM ends, also by Ctrl-C. A temporary
 * directory is then removed; a given one is kept, and the next stack on it continues where this one was. All methods
 * are safe to call from any thread.
 */
public final class Stack implements AutoCloseable {
    private final StackDirectory directory;
    private final Unprivileged user;
    private final PostgresServer source;
    private final PostgresServer destination;
    private final KafkaBroker kafka;
    private final @Nullable StackSecurity security;
    private final @Nullable Path sql;
    private final Thread closeAtExit = new Thread(this::stop, "stack-close-at-exit");

    Stack(
            StackDirectory directory,
            Unprivileged user,
            PostgresServer source,
            PostgresServer destination,
            KafkaBroker kafka,
            @Nullable StackSecurity security,
            @Nullable Path sql) {
        this.directory = directory;
        this.user = user;
        this.source = source;
        this.destination = destination;
        this.kafka = kafka;
        this.security = security;
        this.sql = sql;
    }

    /** A stack to be described further: by default in a temporary directory, on free ports, with the project's tables. */
    public static StackBuilder builder() {
        return new StackBuilder();
    }

    /** The server where the changes happen; its database is {@code source}. */
    public PostgresServer source() {
        return source;
    }

    /** The server that is kept equal; its database is {@code destination}. */
    public PostgresServer destination() {
        return destination;
    }

    /** The broker between them. */
    public KafkaBroker kafka() {
        return kafka;
    }

    /** What the stack was secured with. */
    public StackSecurity security() {
        return Objects.requireNonNull(security, "the stack is not secured");
    }

    /** Gives a secured stack a new authority and new certificates of it, in the same files, and starts its servers again with them. */
    public void renewCertificates() {
        security().makeCertificates();
        Parallel.run(source::restart, destination::restart, kafka::restart);
    }

    /** Where everything lives. */
    public Path directory() {
        return directory.path();
    }

    /**
     * Where the caller may put files {@code *.pid} with the ids of processes that work on this stack: they are ended
     * before the servers should this JVM be killed.
     */
    public Path processes() {
        return directory.processes();
    }

    /**
     * Starts everything in parallel and applies the scripts; returns when all can be used. When one part fails, all are
     * stopped and the directory is cleaned. Another thread may close the stack meanwhile: then this throws.
     */
    public void start() {
        try {
            directory.open();
            user.letThrough(directory.path());
            if (security != null) {
                security.makeCertificates();
            }
            Parallel.run(source::start, destination::start, kafka::start);
            if (sql != null) {
                source.apply(SqlScripts.withExample(sql, "source"));
                destination.apply(SqlScripts.withExample(sql, "destination"));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether the directory stays when the stack is closed. */
    public boolean isKept() {
        return !directory.isTemporary();
    }

    /** What a killed JVM lets go of while its servers live on; for tests. */
    public AutoCloseable directoryLock() {
        return directory;
    }

    void closeAtExit() {
        Runtime.getRuntime().addShutdownHook(closeAtExit);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException exiting) {
            // The JVM is ending and runs the hook itself; stopping twice does no harm.
        }
        stop();
    }

    private synchronized void stop() {
        // Also waits for parts that are just starting, so that nothing is left behind them.
        Parallel.run(source::close, destination::close, kafka::close);
        directory.close();
    }
}
