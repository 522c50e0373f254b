package io.rowrelay.bench.report;

import io.rowrelay.bench.figures.Figure;
import io.rowrelay.bench.figures.Goal;
import io.rowrelay.bench.figures.Results;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** The results as JSON, for programs that compare runs. */
final class JsonResults {
    private JsonResults() {}

    static String of(Results results) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(new Indented(), text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("facts");
            results.facts().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeNumberProperty("rounds", results.rounds());
            json.writeNumberProperty("times_compared_and_equal", results.equalities());
            json.writeArrayPropertyStart("failures");
            results.failures().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("figures");
            results.figures().forEach(figure -> write(json, figure));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + System.lineSeparator();
    }

    private static void write(JsonGenerator json, Figure figure) {
        json.writeStartObject();
        json.writeStringProperty("measurement", figure.measurement());
        json.writeStringProperty("name", figure.name());
        json.writeStringProperty("unit", figure.unit());
        json.writeNumberProperty("median", figure.median());
        json.writeNumberProperty("least", figure.least());
        json.writeNumberProperty("most", figure.most());
        Goal goal = figure.goal();
        if (goal != null) {
            json.writeNumberProperty(goal.atLeast() ? "goal_at_least" : "goal_at_most", goal.limit());
        }
        json.writeArrayPropertyStart("rounds");
        figure.rounds().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    }
}
