package io.rowrelay.common.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret in force: fixed, or what its file holds whenever it is asked for, since passwords are rotated in their files while
 * the daemons run. Never shown. Safe for any thread.
 */
public final class Secret {
    private final @Nullable Path file;
    private volatile String last;

    private Secret(@Nullable Path file, String last) {
        this.file = file;
        this.last = Objects.requireNonNull(last);
    }

    /** A secret that never changes. */
    public static Secret of(String value) {
        return new Secret(null, value);
    }

    /** The secret in a file, which held {@code first} when the settings were read. */
    static Secret inFile(Path file, String first) {
        return new Secret(file, first);
    }

    /** Whether it is read from a file. */
    public boolean isInFile() {
        return file != null;
    }

    /**
     * The secret as it is now. A file that is empty or cannot be read, as in the middle of its rotation, says nothing new: then
     * it is the last one.
     */
    public String now() {
        Path source = file;
        if (source != null) {
            try {
                String text = textOf(source);
                last = text.isEmpty() ? last : text;
            } catch (IOException inTheMiddleOfARotation) {
                return last;
            }
        }
        return last;
    }

    /** What a file of secrets holds: all of it but a line end. */
    static String textOf(Path file) throws IOException {
        return SmallFile.read(file).replaceFirst("\\r?\\n\\z", "");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Objects.equals(file, secret.file) && last.equals(secret.last);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(file);
    }

    @Override
    public String toString() {
        return ValueType.MASK;
    }
}
