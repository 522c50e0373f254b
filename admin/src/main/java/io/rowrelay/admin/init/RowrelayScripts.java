package io.rowrelay.admin.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The project's sql/source or sql/destination, out of the jar. */
record RowrelayScripts(List<Script> scripts) {
    private static final String LAST = "99_version.sql";

    /** One of them, with its name under sql/. */
    record Script(String name, String text) {}

    RowrelayScripts {
        scripts = List.copyOf(scripts);
    }

    /** Those of {@code source} or {@code destination}, in the order in which they are run. */
    static RowrelayScripts of(String side) {
        String directory = "sql/" + side + "/";
        return new RowrelayScripts(names(directory)
                .sorted()
                .map(name -> new Script(name, text("/" + name)))
                .toList());
    }

    private static Stream<String> names(String directory) {
        URL last = Objects.requireNonNull(
                RowrelayScripts.class.getResource("/" + directory + LAST), "the scripts are not in the jar");
        try {
            if (last.openConnection() instanceof JarURLConnection inJar) {
                inJar.setUseCaches(false);
                try (JarFile jar = inJar.getJarFile()) {
                    return jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.startsWith(directory) && name.endsWith(".sql"))
                            .toList()
                            .stream();
                }
            }
            try (Stream<Path> files =
                    Files.list(Objects.requireNonNull(Path.of(last.toURI()).getParent()))) {
                return files
                        .map(file -> directory + file.getFileName())
                        .filter(name -> name.endsWith(".sql"))
                        .toList()
                        .stream();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(RowrelayScripts.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
