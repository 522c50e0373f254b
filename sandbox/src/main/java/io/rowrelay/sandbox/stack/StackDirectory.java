package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a stack: a temporary one that is deleted in the end, or a given one that is kept and locked, so that
 * two sandboxes never share it.
 */
final class StackDirectory implements AutoCloseable {
    private final Path path;
    private final @Nullable FileChannel lock;

    private StackDirectory(Path path, @Nullable FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static StackDirectory temporary() {
        return new StackDirectory(Directories.createTemporary("rowrelay-sandbox-"), null);
    }

    static StackDirectory kept(Path given) {
        Path path = Directories.create(given.toAbsolutePath().normalize());
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve("sandbox.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw new IllegalStateException("Another sandbox uses the directory " + path);
            }
            return new StackDirectory(path, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock the directory " + path, e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (lock == null) {
            Directories.delete(path);
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock the directory " + path, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException takenInThisJvm) {
            return false;
        }
    }
}
