package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The main process of a running PostgreSQL server, found by the lock file in its data directory. */
record Postmaster(ProcessHandle process) {
    /** The lock file; its first line is the process id. */
    static final String FILE = "postmaster.pid";

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

    /** The process, if it runs. A lock file whose id now belongs to another program is stale: there is no process. */
    static Optional<Postmaster> of(Path data) {
        try {
            return Files.readAllLines(data.resolve(FILE)).stream()
                    .findFirst()
                    .map(line -> Long.parseLong(line.strip()))
                    .flatMap(ProcessHandle::of)
                    .filter(Postmaster::runsPostgres)
                    .map(Postmaster::new);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the lock file in " + data, e);
        }
    }

    /** The ids of the process and of its children. */
    List<Long> processes() {
        List<Long> all = new ArrayList<>(List.of(process.pid()));
        process.descendants().map(ProcessHandle::pid).forEach(all::add);
        return all;
    }

    /** Kills the process and its children, and returns when they are gone. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(List.of(process));
        process.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        long deadlineNanos = System.nanoTime() + KILL_TIMEOUT.toNanos();
        while (all.stream().anyMatch(Postmaster::runsPostgres)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException("PostgreSQL survived its kill, process " + process.pid());
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
        }
    }

    // The command of a zombie is unknown: where nobody collects dead processes, one would count as alive for ever.
    private static boolean runsPostgres(ProcessHandle process) {
        return process.isAlive()
                && process.info()
                        .command()
                        .filter(command -> command.endsWith("/postgres"))
                        .isPresent();
    }
}
