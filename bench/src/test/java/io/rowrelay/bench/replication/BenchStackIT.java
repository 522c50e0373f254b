package io.rowrelay.bench.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.stack.PostgresServer;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A failure leaves no server and no directory of the bench behind. */
@Tag("nightly")
@Timeout(120)
class BenchStackIT {
    @TempDir
    private Path directory;

    private BenchStack stack;

    @BeforeEach
    void setUp() {
        stack = new BenchStack(Project.find(), directory);
        stack.start();
    }

    @AfterEach
    void tearDown() {
        stack.stack().close();
    }

    @Test
    void leaves_no_server_running_when_a_log_cannot_be_kept() throws Exception {
        Files.createDirectories(directory.resolve("logs/source-server.log/in-the-way"));

        assertThatThrownBy(stack::close)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot keep");

        for (PostgresServer server :
                List.of(stack.stack().source(), stack.stack().destination())) {
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close())
                    .isInstanceOf(ConnectException.class);
        }
        assertThat(stack.stack().directory()).doesNotExist();
    }

    @Test
    void leaves_no_databases_behind_when_logical_replication_cannot_be_set_up() throws Exception {
        try (Connection source = stack.stack().source().connect("postgres")) {
            DatabasePair.execute(source, "SELECT pg_create_logical_replication_slot('bench_1', 'pgoutput')");
        }

        assertThatThrownBy(() -> stack.logicalReplication().close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("bench_1")
                .hasMessageContaining("already exists");

        assertThat(databases()).isEmpty();
    }

    @Test
    void leaves_no_databases_behind_when_logical_replication_cannot_be_taken_down() throws Exception {
        LogicalReplication replication = stack.logicalReplication();
        assertThat(databases()).containsExactly("bench_1", "bench_1");
        try (Connection destination = replication.databases().connectToDestination()) {
            DatabasePair.execute(destination, "DROP SUBSCRIPTION bench_1");
        }

        assertThatThrownBy(replication::close).isInstanceOf(SQLException.class).hasMessageContaining("does not exist");

        assertThat(databases()).isEmpty();
    }

    private List<String> databases() throws SQLException {
        List<String> names = new ArrayList<>();
        for (PostgresServer server :
                List.of(stack.stack().source(), stack.stack().destination())) {
            try (Connection connection = server.connect("postgres");
                    Statement statement = connection.createStatement();
                    ResultSet found =
                            statement.executeQuery("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'")) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
        }
        return names;
    }
}
