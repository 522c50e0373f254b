package io.rowrelay.common.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/**
 * Codecs that unpack a library of the machine's own kind into the temporary directory and load it from there: none can be loaded
 * where that directory is full, missing or mounted without the right to run what is in it.
 */
final class NativeCodecs {
    private static final int SMALL = 512;
    private static final byte RECORD_FORMAT = 2;

    private NativeCodecs() {}

    /** Says why nothing can be compressed with the codec; empty when it can. The codec is the clients' {@code compression.type}. */
    static Optional<String> problem(String codec) {
        try (ByteBufferOutputStream buffer = new ByteBufferOutputStream(SMALL);
                OutputStream out = Compression.of(codec).build().wrapForOutput(buffer, RECORD_FORMAT)) {
            out.write(0);
            return Optional.empty();
        } catch (IOException | RuntimeException | LinkageError failure) {
            return Optional.of(explanation(failure).orElse(codec + ": " + failure));
        }
    }

    /** Says what to do about a failure that comes from a library that could not be loaded; empty for any other. */
    static Optional<String> explanation(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError || cause.getClass().getName().equals("org.xerial.snappy.SnappyError")) {
                return Optional.of(
                        "the library of the codec that compresses the records cannot be loaded from "
                                + System.getProperty("java.io.tmpdir") + " ("
                                + String.valueOf(cause.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")
                                + "): start the JVM with -Djava.io.tmpdir=DIRECTORY, one that has room and from which programs may be run");
            }
        }
        return Optional.empty();
    }
}
