package io.rowrelay.stream.json;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rowrelay.stream.record.TopicRecord;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
     * Returns what breaks the schema, or empty when nothing does. A number longer than 10,000 digits, or whose exponent is
     * beyond what the libraries can hold, breaks any schema, and so does a nesting beyond 500 levels.
     */
    Optional<Breach> breach(ParsedRecord parsed, TopicRecord record) {
        List<Error> errors;
        try {
            Optional<JsonNode> flat = FlatTree.of(parsed);
            errors =
                    schema.validate(flat.isPresent() ? flat.get() : JsonObjects.SCHEMA_MAPPER.readTree(record.value()));
        } catch (JacksonException | NumberFormatException | ArithmeticException failure) {
            return Optional.of(new Breach("out of the bounds of a schema: " + failure.getMessage(), "number"));
        }
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        String detail = errors.stream()
                .limit(SHOWN_BREACHES)
                .map(error -> (error.getInstanceLocation() + " " + error.getMessage()).strip())
                .collect(Collectors.joining("; "));
        return Optional.of(new Breach(
                detail, String.valueOf(errors.get(0).getSchemaLocation().getFragment())));
    }

    /**
     * How a record breaks the schema.
     *
     * @param detail what is wrong where, which may show values
     * @param rule the first rule of the schema that is broken, by its path
     */
    record Breach(String detail, String rule) {}
}
