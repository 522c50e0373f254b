package io.rowrelay.it.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where a campaign keeps its data, its logs and its findings. */
record CampaignDirectory(Path path) {
    /** An empty one: what an earlier campaign of the same seed left is removed. */
    static CampaignDirectory create(CampaignSettings settings) {
        Path path = settings.directory();
        delete(path);
        try {
            Files.createDirectories(path.resolve("logs"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new CampaignDirectory(path);
    }

    Path logs() {
        return path.resolve("logs");
    }

    Path journal() {
        return path.resolve("journal.txt");
    }

    Path stack() {
        return path.resolve("stack");
    }

    Path disk() {
        return path.resolve("disk");
    }

    /** Removes what is large; journal and logs stay. */
    void deleteData() {
        delete(stack());
        delete(disk());
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
