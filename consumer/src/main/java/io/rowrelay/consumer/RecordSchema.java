package io.rowrelay.consumer;

import io.rowrelay.common.settings.ValueType;
import io.rowrelay.common.settings.ValueTypes;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Which JSON Schema records are held against, if any. */
public sealed interface RecordSchema {

    /** The schema that comes with Rowrelay for the shipped stream. */
    record Shipped() implements RecordSchema {}

    /** No schema: the destination alone decides. */
    record None() implements RecordSchema {}

    /** A schema of the user's. */
    record InFile(Path path) implements RecordSchema {}

    /** How it is written in the configuration. */
    static ValueType<RecordSchema> type() {
        return ValueType.open("shipped, none, or the path of a file that can be read", RecordSchema::parse);
    }

    private static Optional<RecordSchema> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "shipped" -> Optional.of(new Shipped());
            case "none" -> Optional.of(new None());
            default -> ValueTypes.readableFile(text).map(InFile::new);
        };
    }
}
