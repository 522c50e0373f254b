package io.rowrelay.it.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rowrelay.sandbox.process.JavaCommand;
import io.rowrelay.sandbox.stack.KafkaBroker;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StackIT {
    private static final String FUNCTION_SCRIPT = """
            CREATE TABLE IF NOT EXISTS note(id int PRIMARY KEY, body text);
            CREATE OR REPLACE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$
            BEGIN
                RETURN 42; -- a semicolon within a function
            END $$;
            CREATE OR REPLACE FUNCTION notes() RETURNS bigint LANGUAGE sql BEGIN ATOMIC
                SELECT answer();
                SELECT count(*) FROM note;
            END;
            """;

    @Test
    void starts_applies_scripts_survives_restarts_and_leaves_nothing_behind(@TempDir Path sql) throws Exception {
        write(sql.resolve("source/10_first.sql"), FUNCTION_SCRIPT);
        write(sql.resolve("source/20_second.sql"), "INSERT INTO note VALUES (answer(), '{\"json\": true}')");
        write(sql.resolve("destination/10_first.sql"), FUNCTION_SCRIPT);

        Stack stack = Stack.builder().sqlDirectory(sql).start();

        try (stack) {
            send(stack.kafka(), "greetings", "hello");
            stack.kafka().restart();
            stack.source().kill();
            stack.source().start();
            stack.destination().restart();

            assertThat(firstRecord(stack.kafka(), "greetings")).isEqualTo("hello");
            assertThat(query(stack.source(), "SELECT body FROM note WHERE id = 42"))
                    .isEqualTo("{\"json\": true}");
            assertThat(query(stack.destination(), "SELECT notes()")).isEqualTo("0");
            assertThat(query(stack.source(), "SHOW max_prepared_transactions")).isEqualTo("10");
            assertThat(query(stack.source(), "SHOW fsync")).isEqualTo("on");
        }
        assertThat(stack.directory()).doesNotExist();
        assertThat(stack.source().isRunning()).isFalse();
        assertThat(processesBelow(stack.directory())).isEmpty();
    }

    @Tag("nightly")
    @Test
    void continues_in_a_kept_directory_whose_servers_outlived_their_jvm(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("kept");
        Path copyOfLock = directory.resolve("lock");
        try (Stack stack = Stack.builder().directory(data).withoutTables().start()) {
            execute(stack.source(), "CREATE TABLE note(id int)");
            Files.copy(data.resolve("source/data/postmaster.pid"), copyOfLock);
        }
        // What kill -9 of the JVM leaves: a server that runs on ...
        Stack forgotten = Stack.builder().directory(data).withoutTables().build();
        forgotten.destination().start();
        forgotten.directoryLock().close();
        // ... or that was killed as well, so that the lock file names a process which is not there.
        Files.copy(copyOfLock, data.resolve("source/data/postmaster.pid"));

        try (Stack stack = Stack.builder().directory(data).withoutTables().start()) {
            assertThat(query(stack.source(), "SELECT count(*) FROM note")).isEqualTo("0");
            assertThat(stack.destination().isRunning()).isTrue();
        }
        assertThat(data).exists();
        assertThat(processesBelow(data)).isEmpty();
    }

    @Tag("nightly")
    @Test
    void leaves_nothing_behind_when_its_jvm_is_killed(@TempDir Path output) throws Exception {
        Path out = output.resolve("out");
        Process jvm = JavaCommand.of(
                        Map.of(),
                        List.of("-cp", System.getProperty("java.class.path"), StackInAnotherJvm.class.getName()))
                .redirectOutput(out.toFile())
                .start();
        Path directory;
        try {
            await().atMost(60, SECONDS).until(() -> Files.readString(out).contains(StackInAnotherJvm.STARTED));
            directory = Path.of(Files.readString(out)
                    .lines()
                    .filter(line -> line.startsWith(StackInAnotherJvm.STARTED))
                    .findFirst()
                    .orElseThrow()
                    .substring(StackInAnotherJvm.STARTED.length()));
            assertThat(processesBelow(directory)).isNotEmpty();
        } finally {
            jvm.destroyForcibly();
        }

        await().atMost(60, SECONDS).untilAsserted(() -> {
            assertThat(directory).doesNotExist();
            assertThat(processesBelow(directory)).isEmpty();
        });
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void send(KafkaBroker kafka, String topic, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(config);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static String firstRecord(KafkaBroker kafka, String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(20)).iterator().next().value();
        }
    }

    private static List<String> processesBelow(Path directory) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(command -> command.contains(directory.toString()))
                .toList();
    }
}
