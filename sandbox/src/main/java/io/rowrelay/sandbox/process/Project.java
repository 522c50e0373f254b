package io.rowrelay.sandbox.process;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The project's directory, where the jars and the SQL scripts are.
 *
 * @param root the directory that has the modules in it
 */
public record Project(Path root) {
    /** The command that builds what the sandbox needs. */
    static final String BUILD_COMMAND = "mvn -B -ntp -DskipTests -pl sandbox -am package";

    /** Finds the directory above the sandbox's own jar or above the working directory. */
    public static Project find() {
        return Stream.of(ownLocation(), Path.of("").toAbsolutePath())
                .flatMap(start -> nearest(start).stream())
                .findFirst()
                .map(Project::new)
                .orElseThrow(() -> new SandboxException("Not in the project's directory: no sql/source here or above"));
    }

    /** The directory of the SQL scripts. */
    public Path sql() {
        return root.resolve("sql");
    }

    /** The file with the options that the daemons' JVM should have, in the syntax of {@code java @file}. */
    public Path jvmOptions() {
        return root.resolve("jvm.options");
    }

    /** The runnable jar of a module; throws with the command that builds it if it is not there. */
    public Path jar(String module) {
        Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
        if (!Files.exists(jar)) {
            throw new SandboxException(jar + " is missing. Build it in " + root + ": " + BUILD_COMMAND);
        }
        return jar;
    }

    private static Optional<Path> nearest(Path start) {
        for (Path place = start; place != null; place = place.getParent()) {
            if (List.of("sql/source", "producer", "consumer").stream()
                    .map(place::resolve)
                    .allMatch(Files::isDirectory)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    private static Path ownLocation() {
        try {
            return Path.of(Project.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The sandbox does not run from a file", e);
        }
    }
}
