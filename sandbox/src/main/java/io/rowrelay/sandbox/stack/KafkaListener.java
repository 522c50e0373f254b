package io.rowrelay.sandbox.stack;

import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * A further way to a broker: clients that come in by it are sent to the port that it advertises, where something may
 * stand between them and the broker.
 *
 * @param name its name, in capital letters
 * @param port the port that the broker listens on
 * @param advertisedPort the port that clients connect to
 * @param protocol whether clients encrypt and authenticate; further properties of it are the broker's
 */
public record KafkaListener(String name, int port, int advertisedPort, SecurityProtocol protocol) {
    /** One that asks for nothing. */
    public KafkaListener(String name, int port, int advertisedPort) {
        this(name, port, advertisedPort, SecurityProtocol.PLAINTEXT);
    }

    String bound() {
        return name + "://" + Ports.LOOPBACK + ":" + port;
    }

    String advertised() {
        return name + "://" + Ports.LOOPBACK + ":" + advertisedPort;
    }
}
