package io.rowrelay.sandbox.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a {@link JarProcess} and starts it. Not safe for use by several threads. */
public final class JarCommand {
    private final String name;
    private final Path jar;
    private final Path out;
    private final Path errors;
    private List<String> jvmOptions = List.of();
    private List<String> arguments = List.of();
    private Map<String, String> environment = Map.of();
    private @Nullable ProcessFile processFile;
    private boolean deafToTheTerminal;

    /** A jar whose output goes to two files. */
    public JarCommand(String name, Path jar, Path out, Path errors) {
        this.name = name;
        this.jar = jar;
        this.out = out;
        this.errors = errors;
    }

    /** A jar whose output all goes to one file. */
    public JarCommand(String name, Path jar, Path log) {
        this(name, jar, log, log);
    }

    public JarCommand jvmOptions(List<String> options) {
        jvmOptions = List.copyOf(options);
        return this;
    }

    public JarCommand arguments(List<String> given) {
        arguments = List.copyOf(given);
        return this;
    }

    /** The environment; nothing else configures the process. */
    public JarCommand environment(Map<String, String> given) {
        environment = Map.copyOf(given);
        return this;
    }

    /** The file that says which process it is, until it is stopped or killed. */
    public JarCommand processFile(ProcessFile file) {
        processFile = file;
        return this;
    }

    /** Lets it ignore Ctrl-C in a terminal, which reaches every process in it. */
    public JarCommand deafToTheTerminal() {
        deafToTheTerminal = true;
        return this;
    }

    /** Starts it. What its log files hold already stays there; their directories are created. */
    public JarProcess start() {
        List<String> all = new ArrayList<>(jvmOptions);
        all.addAll(List.of("-jar", jar.toString()));
        all.addAll(arguments);
        ProcessBuilder builder = JavaCommand.of(environment, all)
                .redirectOutput(Redirect.appendTo(out.toFile()))
                .redirectError(Redirect.appendTo(errors.toFile()))
                .redirectErrorStream(out.equals(errors));
        if (deafToTheTerminal) {
            builder.command().addAll(0, List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        }
        long outBegin = out.toFile().length();
        long errorsBegin = errors.toFile().length();
        try {
            Files.createDirectories(out.toAbsolutePath().getParent());
            Files.createDirectories(errors.toAbsolutePath().getParent());
            Process process = builder.start();
            // Nobody answers what it may ask.
            process.getOutputStream().close();
            if (processFile != null) {
                processFile.write(process);
            }
            return new JarProcess(
                    name, process, new Output(out, outBegin), new Output(errors, errorsBegin), processFile);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the " + name, e);
        }
    }
}
