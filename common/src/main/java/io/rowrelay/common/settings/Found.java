package io.rowrelay.common.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A setting with the value in force and where it came from: for people, such as "environment" or "STREAM=orders". A secret may
 * be in a file.
 */
record Found<T>(
        Setting<T> setting,
        T value,
        String text,
        String origin,
        @Nullable Path file) {

    static final String DEFAULT = "default";

    Secret secret() {
        return file == null ? Secret.of(text) : Secret.inFile(file, text);
    }

    String line() {
        return "%s=%s (from %s)"
                .formatted(
                        setting.name(),
                        Mistake.printable(Credentials.masked(setting.type().shown(text))),
                        origin);
    }
}
