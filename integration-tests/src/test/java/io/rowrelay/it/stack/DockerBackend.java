package io.rowrelay.it.stack;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The images that docker-compose.yml names, through Testcontainers, which removes them after the JVM. */
@SuppressWarnings("resource")
final class DockerBackend implements Backend {
    private final PostgreSQLContainer source = postgres();
    private final PostgreSQLContainer destination = postgres();
    private final KafkaContainer kafka = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");

    DockerBackend() {
        Startables.deepStart(source, destination, kafka).join();
    }

    private static PostgreSQLContainer postgres() {
        return new PostgreSQLContainer(DockerImageName.parse("postgres:17"))
                .withDatabaseName("cdc")
                .withUsername(Databases.USER)
                .withPassword(Databases.PASSWORD)
                .withCommand(
                        "postgres",
                        "-c",
                        "max_prepared_transactions=20",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "fsync=off");
    }

    @Override
    public String sourceUrl(String database) {
        return url(source, database);
    }

    @Override
    public String destinationUrl(String database) {
        return url(destination, database);
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }

    private static String url(PostgreSQLContainer server, String database) {
        return "jdbc:postgresql://" + server.getHost() + ":" + server.getMappedPort(5432) + "/" + database;
    }
}
