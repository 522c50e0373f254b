package io.rowrelay.consumer.apply;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread that validates records while another one writes those before them. Safe for any thread. */
public final class ValidationThread implements Executor, AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread named = new Thread(work, "validate");
        named.setDaemon(true);
        return named;
    });

    @Override
    public void execute(Runnable work) {
        thread.execute(work);
    }

    /** Stops; records that are not validated yet are dropped and read again later. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
