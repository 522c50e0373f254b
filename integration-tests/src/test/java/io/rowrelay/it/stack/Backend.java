package io.rowrelay.it.stack;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Two PostgreSQL servers and a Kafka broker, one set for the whole JVM; every pipeline takes databases and topics of its own. */
public interface Backend {
    /** Names the backend: {@code embedded}, {@code docker}, or {@code auto}, which is Docker where it answers. */
    String CHOICE = "ROWRELAY_IT_BACKEND";

    /** The JDBC URL of a database on the source server. */
    String sourceUrl(String database);

    /** The JDBC URL of a database on the destination server. */
    String destinationUrl(String database);

    /** Where the broker is. */
    String bootstrapServers();

    /** The running backend of this JVM. */
    static Backend running() {
        return Running.INSTANCE;
    }

    /** Starts at first use; stops with the JVM. */
    final class Running {
        private static final Logger LOG = LoggerFactory.getLogger(Backend.class);
        private static final Backend INSTANCE = start();

        private Running() {}

        private static Backend start() {
            String choice = System.getProperty(CHOICE, System.getenv().getOrDefault(CHOICE, "auto"));
            return switch (choice.toLowerCase(Locale.ROOT)) {
                case "embedded" -> new EmbeddedBackend();
                case "docker" -> new DockerBackend();
                case "auto" -> dockerOrEmbedded();
                default -> throw new IllegalArgumentException(CHOICE + " is " + choice + ": embedded, docker or auto");
            };
        }

        /** Docker can answer and yet be of no use: without the images, or without the right to run what is needed. */
        private static Backend dockerOrEmbedded() {
            try {
                if (DockerClientFactory.instance().isDockerAvailable()) {
                    return new DockerBackend();
                }
            } catch (RuntimeException unusable) {
                LOG.warn(
                        "Docker answers but cannot run the containers; testing on the embedded stack instead",
                        unusable);
            }
            return new EmbeddedBackend();
        }
    }
}
