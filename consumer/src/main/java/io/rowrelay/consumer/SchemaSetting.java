package io.rowrelay.consumer;

import io.rowrelay.common.settings.ValueType;
import io.rowrelay.common.settings.ValueTypes;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Which JSON Schema records are held against, if any. */
public sealed interface SchemaSetting {

    /** The schema that comes with Rowrelay for the shipped stream. */
    record Shipped() implements SchemaSetting {}

    /** No schema: the destination alone decides. */
    record None() implements SchemaSetting {}

    /** A schema of the user's. */
    record InFile(Path path) implements SchemaSetting {}

    /** How it is written in the configuration. */
    static ValueType<SchemaSetting> type() {
        return ValueType.open("shipped, none, or the path of a file that can be read", SchemaSetting::parse);
    }

    private static Optional<SchemaSetting> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "shipped" -> Optional.of(new Shipped());
            case "none" -> Optional.of(new None());
            default -> ValueTypes.readableFile(text).map(InFile::new);
        };
    }
}
