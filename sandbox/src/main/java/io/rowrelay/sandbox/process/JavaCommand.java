package io.rowrelay.sandbox.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the {@code java} that this JVM runs on. */
public final class JavaCommand {
    /** What a process keeps of this one's environment: nothing that could configure it. */
    private static final List<String> INHERITED = List.of("PATH", "LANG");

    private JavaCommand() {}

    /** A JVM with these arguments, and with this environment and nothing else that could configure it. */
    public static ProcessBuilder of(Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        return builder;
    }
}
