package io.rowrelay.it.stack;

import java.util.Locale;
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
        private static final Backend INSTANCE = start();

        private Running() {}

        private static Backend start() {
            String choice = System.getProperty(CHOICE, System.getenv().getOrDefault(CHOICE, "auto"));
            return switch (choice.toLowerCase(Locale.ROOT)) {
                case "embedded" -> new EmbeddedBackend();
                case "docker" -> new DockerBackend();
                case "auto" ->
                    DockerClientFactory.instance().isDockerAvailable() ? new DockerBackend() : new EmbeddedBackend();
                default -> throw new IllegalArgumentException(CHOICE + " is " + choice + ": embedded, docker or auto");
            };
        }
    }
}
