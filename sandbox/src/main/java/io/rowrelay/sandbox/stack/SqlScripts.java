package io.rowrelay.sandbox.stack;

import io.rowrelay.sandbox.process.Project;
import io.rowrelay.sandbox.process.SandboxException;
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
                throw new SandboxException("No *.sql files in " + directory);
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

    /** The project's own, with the subdirectories {@code source} and {@code destination}. */
    public static Path findDirectory() {
        return Project.find().sql();
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
