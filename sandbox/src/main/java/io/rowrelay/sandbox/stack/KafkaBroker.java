package io.rowrelay.sandbox.stack;

/**
 * Kafka on the loopback address: one broker, or a cluster of several.
 *
 * <p>It can be stopped and started again: data and port stay the same. All methods are safe to call from any thread.
 */
public interface KafkaBroker extends AutoCloseable {
    /** Starts it, on new or existing data; does nothing if it runs. */
    void start();

    /** Stops it; does nothing if it does not run. */
    void stop();

    /** Stops and starts it. */
    default void restart() {
        stop();
        start();
    }

    /** Where clients connect; the same after a restart. */
    String bootstrapServers();

    /** Stops it for good. */
    @Override
    void close();
}
