package io.rowrelay.sandbox.stack;

import io.rowrelay.sandbox.process.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a stack: a temporary one that is deleted in the end, or a given one that is kept and locked, so that
 * two sandboxes never share it.
 *
 * <p>Its path is known from the start, but it is made only when it is opened, and not after it was closed: so whoever
 * closes it, at whatever moment, leaves nothing behind. A watchdog sees to that when nobody can close it. Safe to use by several threads.
 */
final class StackDirectory implements AutoCloseable {
    private final Path path;
    private final boolean temporary;
    private @Nullable FileChannel lock;
    private @Nullable Watchdog watchdog;
    private boolean closed;

    private StackDirectory(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    static StackDirectory temporary() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        return new StackDirectory(parent.resolve("rowrelay-sandbox-" + UUID.randomUUID()), true);
    }

    static StackDirectory kept(Path given) {
        return new StackDirectory(given.toAbsolutePath().normalize(), false);
    }

    Path path() {
        return path;
    }

    Path processes() {
        return path.resolve("processes");
    }

    boolean isTemporary() {
        return temporary;
    }

    /** Makes the directory; a kept one may be there, but no other sandbox may use it. */
    synchronized void open() {
        if (closed) {
            throw new IllegalStateException("The stack is closed");
        }
        try {
            if (temporary) {
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                lock = lock(Files.createDirectories(path).resolve("sandbox.lock"));
            }
            watchdog = Watchdog.over(this);
            Files.createDirectories(processes());
        } catch (IOException e) {
            throw new SandboxException("Cannot make or lock the directory " + path + ": " + e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (temporary) {
            Directories.delete(path);
        }
        if (watchdog != null) {
            watchdog.close();
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot unlock the directory " + path, e);
            }
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException takenInThisJvm) {
            // The same as taken by another one.
        }
        channel.close();
        throw new SandboxException("Another sandbox uses the directory of " + file);
    }
}
