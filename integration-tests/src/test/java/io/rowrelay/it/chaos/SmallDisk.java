package io.rowrelay.it.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own that can be filled up, where one may be mounted. Used by one thread. */
final class SmallDisk implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Path path;
    private final boolean mounted;
    private final Thread unmountAtExit = new Thread(this::unmount, "unmount-at-exit");

    private SmallDisk(Path path, boolean mounted) {
        this.path = path;
        this.mounted = mounted;
        if (mounted) {
            Runtime.getRuntime().addShutdownHook(unmountAtExit);
        }
    }

    /** Mounts one of so many megabytes that belongs to the owner of a directory; where that is not allowed, there is none. */
    static SmallDisk mount(Path path, int megabytes, Path owned) {
        try {
            Files.createDirectories(path);
            String owner =
                    "uid=" + Files.getAttribute(owned, "unix:uid") + ",gid=" + Files.getAttribute(owned, "unix:gid");
            return new SmallDisk(
                    path,
                    succeeds(
                            "mount",
                            "-t",
                            "tmpfs",
                            "-o",
                            "mode=700,size=" + megabytes + "m," + owner,
                            "tmpfs",
                            path.toString()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether there is one. */
    boolean isThere() {
        return mounted;
    }

    Path path() {
        return path;
    }

    /** Leaves no free block. */
    void fill() {
        try (OutputStream ballast = Files.newOutputStream(ballast())) {
            byte[] chunk = new byte[CHUNK_BYTES];
            while (true) {
                ballast.write(chunk);
            }
        } catch (IOException full) {
            // As wanted.
        }
    }

    /** Frees what {@link #fill} took. */
    void free() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path ballast() {
        return path.resolve("ballast");
    }

    private void unmount() {
        if (mounted) {
            succeeds("umount", "-l", path.toString());
        }
    }

    @Override
    public void close() {
        if (mounted) {
            Runtime.getRuntime().removeShutdownHook(unmountAtExit);
        }
        unmount();
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
