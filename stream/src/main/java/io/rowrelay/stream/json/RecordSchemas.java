package io.rowrelay.stream.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where schemas come from. */
public final class RecordSchemas {
    private RecordSchemas() {}

    /** The schema that ships with Rowrelay for a stream. */
    public static RecordSchema shipped(String stream) {
        String name = "/rowrelay/schema/" + stream + ".schema.json";
        try (InputStream resource = RecordSchemas.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalArgumentException("no schema ships for stream " + stream);
            }
            return RecordSchema.parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A user's schema. */
    public static RecordSchema in(Path file) {
        try {
            return RecordSchema.parse(Files.readString(file));
        } catch (IOException failure) {
            throw new IllegalArgumentException("cannot be read: " + failure.getMessage(), failure);
        }
    }
}
