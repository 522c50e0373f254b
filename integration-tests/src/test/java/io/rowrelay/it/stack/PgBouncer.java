package io.rowrelay.it.stack;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PgBouncer before one database, where its program is installed. */
public final class PgBouncer implements AutoCloseable {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    private final int port;
    private final Path directory;
    private final Process process;

    private PgBouncer(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /** The program, where it is installed. */
    public static Optional<Path> program() {
        return PROGRAMS.stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * Starts it.
     *
     * @param url of the database behind it
     * @param mode its pool_mode
     * @param sessions of the server that it shares out
     */
    public static PgBouncer start(String url, String mode, int sessions) throws IOException {
        URI server = URI.create(url.substring("jdbc:".length()));
        int port = freePort();
        Path directory = Files.createTempDirectory(
                "rowrelay-it-pgbouncer",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(directory.resolve("users"), "\"cdc\" \"cdc\"\n");
        Path configuration = Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                * = host=%s port=%d user=cdc password=cdc
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s/users
                pool_mode = %s
                default_pool_size = %d
                query_wait_timeout = 20
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        server.getHost(), server.getPort(), port, directory, mode, sessions));
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It does not run as root.
            command.addAll(List.of("runuser", "-u", "nobody", "--"));
        }
        command.addAll(List.of(program().orElseThrow().toString(), configuration.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        PgBouncer started = new PgBouncer(port, directory, process);
        await("pgbouncer: " + directory).until(started::answers);
        return started;
    }

    /** The JDBC URL of a database behind it. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> file.toFile().delete());
            Files.deleteIfExists(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
