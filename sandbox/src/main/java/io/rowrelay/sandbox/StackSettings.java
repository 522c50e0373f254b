package io.rowrelay.sandbox;

import io.rowrelay.sandbox.stack.OwnerFile;
import io.rowrelay.sandbox.stack.PostgresServer;
import io.rowrelay.sandbox.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The file that tells daemons and admin tool where the servers of a stack are. */
final class StackSettings {
    private StackSettings() {}

    /** Writes it, with the passwords, for the owner only, and what else it is to say; the stack has started. */
    static void write(Path file, Stack stack, List<String> further) {
        write(file, stack, stack.destination().jdbcUrl(), further);
    }

    /** The same for another database of the destination's server. */
    static void write(Path file, Stack stack, String destination, List<String> further) {
        List<String> lines = new ArrayList<>(further);
        lines.add("SOURCE_DB_URL=" + stack.source().jdbcUrl());
        lines.add("DESTINATION_DB_URL=" + destination);
        Map.of("SOURCE", stack.source(), "DESTINATION", stack.destination())
                .forEach((side, server) -> lines.addAll(
                        List.of(side + "_DB_USER=" + PostgresServer.USER, side + "_DB_PASSWORD=" + server.password())));
        lines.add("KAFKA_BOOTSTRAP_SERVERS=" + stack.kafka().bootstrapServers());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            OwnerFile.write(file, String.join(System.lineSeparator(), lines) + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
