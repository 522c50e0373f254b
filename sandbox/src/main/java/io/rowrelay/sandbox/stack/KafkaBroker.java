package io.rowrelay.sandbox.stack;

/**
 * A Kafka broker of one node, on the loopback address.
 *
 * <p>It can be stopped and started again: data and port stay the same. All methods are safe to call from any thread.
 */
public interface KafkaBroker extends AutoCloseable {
    /** Starts the broker, on new or existing data; does nothing if it runs. */
    void start();

    /** Stops the broker; does nothing if it does not run. */
    void stop();

    /** Stops and starts the broker. */
    default void restart() {
        stop();
        start();
    }

    /** Where clients connect; the same after a restart. */
    String bootstrapServers();

    /** Stops the broker for good. */
    @Override
    void close();
}
