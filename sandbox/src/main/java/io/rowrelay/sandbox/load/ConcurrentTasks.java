package io.rowrelay.sandbox.load;

import io.rowrelay.sandbox.process.SandboxException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does several things at once, each in a thread of its own. */
public final class ConcurrentTasks {
    private ConcurrentTasks() {}

    /**
     * The results in the order of the tasks. As soon as one fails, what it threw comes out as it was, and the others are
     * interrupted: they may be waiting for the one that failed.
     */
    public static <T> List<T> run(List<Callable<T>> tasks) throws SQLException {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            ExecutorCompletionService<T> ended = new ExecutorCompletionService<>(executor);
            List<Future<T>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(ended.submit(task)));
            for (int i = 0; i < tasks.size(); i++) {
                result(ended.take());
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(result(future));
            }
            return results;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            executor.shutdownNow();
        }
    }

    /** Waits for a task's result; what the task threw comes out as it was. */
    public static <T> T result(Future<T> task) throws SQLException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("A session failed", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static SandboxException interrupted() {
        Thread.currentThread().interrupt();
        return new SandboxException("Interrupted while waiting for a database session");
    }
}
