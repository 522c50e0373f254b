package io.rowrelay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.sandbox.process.JavaCommand;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A command of admin.jar that has ended. Commands run in processes that are kept for the next ones: starting a JVM for each costs
 * more than most of them do. One that is to be watched, or killed, is a {@link DaemonProcess}.
 */
public record AdminRun(int exitCode, String output, String errors) {
    private static final Deque<Host> IDLE = new ConcurrentLinkedDeque<>();

    /** Runs a command, with the environment given and nothing else that could configure it. */
    public static AdminRun of(Map<String, String> environment, String... arguments) {
        Host idle = IDLE.poll();
        Host host = idle == null ? Host.start() : idle;
        AdminRun ended = host.run(environment, arguments);
        IDLE.push(host);
        return ended;
    }

    /** The same, and fails unless it ends with the exit code. */
    public static AdminRun expecting(int exitCode, Map<String, String> environment, String... arguments) {
        AdminRun ended = of(environment, arguments);
        assertThat(ended.exitCode)
                .as(String.join(" ", arguments) + "\n" + ended.said())
                .isEqualTo(exitCode);
        return ended;
    }

    /** What it wrote, errors last. */
    public String said() {
        return output + errors;
    }

    private record Host(Process process, DataOutputStream commands, DataInputStream outcomes) {
        static Host start() {
            try {
                List<String> arguments = List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        DaemonProcess.jar("admin") + File.pathSeparator + hostAlone(),
                        AdminHost.class.getName());
                Process started = JavaCommand.of(Map.of(), arguments)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                return new Host(
                        started,
                        new DataOutputStream(new BufferedOutputStream(started.getOutputStream())),
                        new DataInputStream(started.getInputStream()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /** A directory with its class and nothing else, above all no configuration of the tests' log. */
        private static Path hostAlone() throws IOException {
            Path directory = Path.of("target", "admin-host").toAbsolutePath();
            String name = AdminHost.class.getName().replace('.', '/') + ".class";
            Path copy = directory.resolve(name);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Path unfinished = Files.createTempFile(directory, "host", ".class");
            try (InputStream compiled =
                    Objects.requireNonNull(AdminHost.class.getClassLoader().getResourceAsStream(name), name)) {
                Files.copy(compiled, unfinished, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
            return directory;
        }

        AdminRun run(Map<String, String> environment, String... arguments) {
            try {
                return CompletableFuture.supplyAsync(() -> exchange(environment, arguments))
                        .get(Pipeline.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted: " + String.join(" ", arguments), interrupted);
            } catch (ExecutionException | TimeoutException failure) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + String.join(" ", arguments), failure);
            }
        }

        private AdminRun exchange(Map<String, String> environment, String... arguments) {
            try {
                commands.writeInt(environment.size());
                for (Map.Entry<String, String> each : environment.entrySet()) {
                    commands.writeUTF(each.getKey());
                    commands.writeUTF(each.getValue());
                }
                commands.writeInt(arguments.length);
                for (String argument : arguments) {
                    commands.writeUTF(argument);
                }
                commands.flush();
                return new AdminRun(outcomes.readInt(), text(), text());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private String text() throws IOException {
            return new String(outcomes.readNBytes(outcomes.readInt()), StandardCharsets.UTF_8);
        }
    }
}
