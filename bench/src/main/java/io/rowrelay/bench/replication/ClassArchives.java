package io.rowrelay.bench.replication;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Archives of the classes that each daemon uses, from which it starts in less time: a first run writes them at its end, all
 * later ones begin with them.
 */
final class ClassArchives {
    private final Path directory;
    private volatile boolean writing;

    ClassArchives(Path directory) {
        this.directory = directory;
    }

    /** Whether runs that begin from now on write the archives. */
    void write(boolean now) {
        writing = now;
    }

    /** The options of the JVM for a daemon of this kind; none where the JVM has not written an archive. */
    List<String> options(String kind) {
        Path archive = directory.resolve(kind + ".jsa");
        if (writing) {
            return List.of("-XX:ArchiveClassesAtExit=" + archive);
        }
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }
}
