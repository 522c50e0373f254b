package io.rowrelay.consumer.json;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rowrelay.consumer.apply.TopicRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/** The JSON Schema of a stream's values. Safe for any thread. */
public final class RecordSchema {
    private static final int SHOWN_BREACHES = 5;

    private final Schema schema;

    private RecordSchema(Schema schema) {
        this.schema = schema;
    }

    /**
     * Reads a schema of draft 2020-12 or of the draft it names.
     *
     * @throws IllegalArgumentException when the text is not a JSON Schema
     */
    public static RecordSchema parse(String text) {
        try {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
            return new RecordSchema(registry.getSchema(JsonObjects.MAPPER.readTree(text)));
        } catch (JacksonException | com.networknt.schema.SchemaException failure) {
            throw new IllegalArgumentException("not a JSON Schema: " + failure.getMessage(), failure);
        }
    }

    /**
     * Returns what breaks the schema, or empty when nothing does. A number whose exponent is beyond what the libraries can
     * hold breaks any schema.
     */
    Optional<String> breach(TopicRecord record) {
        List<Error> errors;
        try {
            errors = schema.validate(JsonObjects.MAPPER.readTree(record.value()));
        } catch (JacksonException | NumberFormatException | ArithmeticException failure) {
            return Optional.of("a number is out of all bounds: " + failure.getMessage());
        }
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(errors.stream()
                .limit(SHOWN_BREACHES)
                .map(error -> (error.getInstanceLocation() + " " + error.getMessage()).strip())
                .collect(Collectors.joining("; ")));
    }
}
