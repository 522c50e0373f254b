package io.rowrelay.sandbox.stack;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does several things at once. */
final class Parallel {
    private Parallel() {}

    /** Runs all actions to their end, then throws the first failure, with the others attached. */
    static void run(Runnable... actions) {
        ExecutorService executor = Executors.newFixedThreadPool(actions.length);
        try {
            List<Future<?>> futures =
                    Arrays.stream(actions).<Future<?>>map(executor::submit).toList();
            RuntimeException failure = null;
            for (Future<?> future : futures) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    RuntimeException next = e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException(e.getCause());
                    if (failure == null) {
                        failure = next;
                    } else {
                        failure.addSuppressed(next);
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            executor.shutdownNow();
        }
    }
}
