package io.rowrelay.it.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Archives of the classes that the jars load, from which they start at little more than half the cost: the suite starts
 * hundreds of them. A first run of each, on the suite's own servers, writes them; the forks of a build share them.
 */
final class ClassArchives {
    private static final Path DIRECTORY = Path.of("target", "class-archives").toAbsolutePath();
    private static final List<String> JARS = List.of("producer", "consumer", "admin");

    private static boolean tried;

    private ClassArchives() {}

    /** The option of the JVM with which a jar starts from its archive; none where the JVM cannot write archives. */
    static synchronized List<String> option(String jar) {
        if (!tried) {
            tried = true;
            write();
        }
        Path archive = archive(jar);
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    /** Named by the builds of the jar and of the JVM, which complains about an archive of others. */
    private static Path archive(String jar) {
        Path file = DaemonProcess.jar(jar);
        try {
            return DIRECTORY.resolve(String.join(
                    "-",
                    jar,
                    "" + Files.getLastModifiedTime(file).toMillis(),
                    "" + Files.size(file),
                    Runtime.version() + ".jsa"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void write() {
        try {
            Files.createDirectories(DIRECTORY);
            try (FileChannel channel =
                    FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Against the other forks, until the channel is closed.
                channel.lock();
                if (!areWritten()) {
                    run();
                    for (String jar : JARS) {
                        publish(jar);
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean areWritten() {
        return JARS.stream().allMatch(jar -> Files.exists(archive(jar)));
    }

    private static Path unfinished(String jar) {
        return DIRECTORY.resolve(jar + ".unfinished");
    }

    /** Enough that most classes are used. */
    private static void run() {
        try (Pipeline pipeline = Pipeline.create();
                DaemonProcess producer = archiving("producer", pipeline);
                DaemonProcess consumer = archiving("consumer", pipeline)) {
            producer.awaitReady();
            consumer.awaitReady();
            Databases.execute(pipeline.sourceUrl(), "INSERT INTO employees (salary) VALUES (1)");
            pipeline.awaitEqual();
            try (DaemonProcess admin = archiving("admin", pipeline, "doctor")) {
                admin.awaitEnd();
            }
            producer.stop(Pipeline.PATIENCE);
            consumer.stop(Pipeline.PATIENCE);
        } catch (Exception failure) {
            throw new IllegalStateException("cannot run the jars for their archives of classes", failure);
        }
    }

    private static DaemonProcess archiving(String jar, Pipeline pipeline, String... arguments) {
        return DaemonProcess.archiving(jar, pipeline.environment(), unfinished(jar), arguments);
    }

    private static void publish(String jar) throws IOException {
        if (Files.exists(unfinished(jar))) {
            Files.move(unfinished(jar), archive(jar), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
