package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files {@code *.sql} in the order in which they run: those of a directory by their names. */
public record SqlScripts(List<Path> files) {
    /** The system property that names the directory with the scripts of both databases. */
    public static final String DIRECTORY_PROPERTY = "rowrelay.sql";

    public SqlScripts {
        files = List.copyOf(files);
    }

    /** The scripts of a directory; throws if there is none. */
    public static SqlScripts in(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> scripts = entries.filter(path -> path.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
            if (scripts.isEmpty()) {
                throw new StackException("No *.sql files in " + directory);
            }
            return new SqlScripts(scripts);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }

    /**
     * What a database of the demo and the tests needs: Rowrelay's own scripts, then those of the example's table.
     *
     * @param sql as {@link #findDirectory} finds it; a directory without {@code example} has none to add
     * @param side {@code source} or {@code destination}
     */
    public static SqlScripts withExample(Path sql, String side) {
        Path example = sql.resolve("example").resolve(side);
        List<Path> all = new ArrayList<>(in(sql.resolve(side)).files());
        if (Files.isDirectory(example)) {
            all.addAll(in(example).files());
        }
        return new SqlScripts(all);
    }

    /**
     * The directory {@code sql} with the subdirectories {@code source} and {@code destination}: where the system
     * property {@value #DIRECTORY_PROPERTY} says, otherwise in the working directory or the nearest one above it.
     */
    public static Path findDirectory() {
        String named = System.getProperty(DIRECTORY_PROPERTY);
        if (named != null) {
            return Path.of(named).toAbsolutePath();
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path place = start; place != null; place = place.getParent()) {
            if (Files.isDirectory(place.resolve("sql/source"))) {
                return place.resolve("sql");
            }
        }
        throw new StackException("No directory sql/source in " + start + " or above: start in the project's "
                + "directory, or name the sql directory with -D" + DIRECTORY_PROPERTY + "=DIR");
    }

    /** Runs each file as one script; it may hold many statements and functions. */
    public void runOn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // What JDBC takes for its own {escapes} are JSON and array literals here.
            statement.setEscapeProcessing(false);
            for (Path file : files) {
                try {
                    statement.execute(Files.readString(file));
                } catch (SQLException e) {
                    throw new SQLException(file + ": " + e.getMessage(), e.getSQLState(), e);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot read " + file, e);
                }
            }
        }
    }
}
