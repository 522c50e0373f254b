package io.rowrelay.sandbox.stack;

/**
 * A further way to a broker: clients that come in by it are sent to the port that it advertises, where something may
 * stand between them and the broker.
 *
 * @param name its name, in capital letters
 * @param port the port that the broker listens on
 * @param advertisedPort the port that clients are told to connect to
 */
public record KafkaListener(String name, int port, int advertisedPort) {
    String bound() {
        return name + "://" + Ports.LOOPBACK + ":" + port;
    }

    String advertised() {
        return name + "://" + Ports.LOOPBACK + ":" + advertisedPort;
    }
}
