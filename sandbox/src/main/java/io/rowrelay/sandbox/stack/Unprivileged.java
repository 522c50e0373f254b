package io.rowrelay.sandbox.stack;

import io.rowrelay.sandbox.process.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs PostgreSQL's programs as somebody who is not root, because they refuse root.
 *
 * <p>A plain user runs them as himself. Root runs them in a user namespace of their own, or, where a container forbids
 * that, as the user {@code nobody}, who is then given the data directory.
 */
enum Unprivileged {
    AS_ONESELF(""),
    IN_A_USER_NAMESPACE("unshare --user"),
    AS_NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY = 65534;

    private final String prefix;

    Unprivileged(String prefix) {
        this.prefix = prefix;
    }

    /** The way that works here. */
    static Unprivileged detect() {
        if (!isRoot()) {
            return AS_ONESELF;
        }
        for (Unprivileged way : List.of(IN_A_USER_NAMESPACE, AS_NOBODY)) {
            if (SystemPrograms.succeeds(way.command(List.of("true")))) {
                return way;
            }
        }
        throw new SandboxException("PostgreSQL does not run as root, and neither 'unshare --user' nor 'setpriv' is "
                + "there to run it as somebody else: start as a plain user");
    }

    List<String> command(List<String> program) {
        List<String> command = new ArrayList<>();
        if (!prefix.isEmpty()) {
            command.addAll(List.of(prefix.split(" ", -1)));
        }
        command.addAll(program);
        return command;
    }

    /** Lets PostgreSQL's user write to a directory. */
    void handOver(Path directory) {
        if (this != AS_NOBODY) {
            return;
        }
        try {
            Files.setAttribute(directory, "unix:uid", NOBODY);
            Files.setAttribute(directory, "unix:gid", NOBODY);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot hand over " + directory, e);
        }
    }

    /** Lets PostgreSQL's user pass through a directory, as a temporary one does not allow. */
    void letThrough(Path directory) {
        if (this != AS_NOBODY) {
            return;
        }
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the way through " + directory, e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
