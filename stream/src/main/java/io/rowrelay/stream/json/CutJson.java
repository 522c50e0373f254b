package io.rowrelay.stream.json;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The records of the cut topic as JSON. Unknown members are ignored, so that later versions can add some. */
public final class CutJson {
    private static final String KIND = "kind";
    private static final String OPEN = "open";
    private static final String CUT = "cut";
    private static final String MISSING = "missing";
    private static final String EPOCH = "epoch";
    private static final String NUMBER = "number";
    private static final String SOURCE = "source";
    private static final String S1 = "s1";
    private static final String S2 = "s2";
    private static final String TAKEN_AT = "taken_at";
    private static final String COUNTS = "counts";

    private static final ObjectReader READER =
            JsonObjects.MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private CutJson() {}

    /** Prints a record, in UTF-8. */
    public static byte[] print(CutRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (record instanceof Opened opened) {
            head(json, OPEN, record).put(S1, opened.s1().toString());
        } else if (record instanceof Cut cut) {
            head(json, CUT, record)
                    .put(S1, cut.s1().toString())
                    .put(S2, cut.s2().toString())
                    .put(TAKEN_AT, cut.takenAt().truncatedTo(ChronoUnit.MICROS).toString())
                    .set(COUNTS, counts(cut.counts()));
        } else if (record instanceof Missing missing) {
            head(json, MISSING, record).set(COUNTS, counts(missing.counts()));
        }
        return JsonObjects.MAPPER.writeValueAsBytes(json);
    }

    private static ObjectNode head(ObjectNode json, String kind, CutRecord record) {
        return json.put(KIND, kind)
                .put(EPOCH, record.window().epoch())
                .put(NUMBER, record.window().number())
                .put(SOURCE, Long.toString(record.source()));
    }

    private static ObjectNode counts(Map<Partition, Long> counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(counts)
                .forEach((partition, count) ->
                        json.withObjectProperty(partition.topic()).put(Integer.toString(partition.number()), count));
        return json;
    }

    /** Reads a record; empty where a producer did not write it. */
    public static Optional<CutRecord> parse(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            JsonNode json = READER.readTree(value);
            return json.isObject() ? Optional.of(record(json)) : Optional.empty();
        } catch (JacksonException | IllegalArgumentException | DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    private static CutRecord record(JsonNode json) {
        WindowId window = new WindowId(number(json.path(EPOCH)), number(json.path(NUMBER)));
        long source = Long.parseLong(text(json, SOURCE));
        String kind = text(json, KIND);
        return switch (kind) {
            case OPEN -> new Opened(window, source, Snapshot.parse(text(json, S1)));
            case CUT ->
                new Cut(
                        window,
                        source,
                        Snapshot.parse(text(json, S1)),
                        Snapshot.parse(text(json, S2)),
                        Instant.parse(text(json, TAKEN_AT)),
                        counts(json.path(COUNTS)));
            case MISSING -> new Missing(window, source, counts(json.path(COUNTS)));
            default -> throw new IllegalArgumentException("unknown kind: " + kind);
        };
    }

    private static String text(JsonNode json, String name) {
        JsonNode member = json.path(name);
        if (!member.isString()) {
            throw new IllegalArgumentException("no text: " + name);
        }
        return member.stringValue();
    }

    private static long number(JsonNode member) {
        if (!member.isIntegralNumber() || !member.canConvertToLong()) {
            throw new IllegalArgumentException("no whole number");
        }
        return member.longValue();
    }

    private static Map<Partition, Long> counts(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("no counts");
        }
        Map<Partition, Long> counts = new HashMap<>();
        for (Map.Entry<String, JsonNode> topic : json.properties()) {
            if (!topic.getValue().isObject()) {
                throw new IllegalArgumentException("no counts");
            }
            for (Map.Entry<String, JsonNode> each : topic.getValue().properties()) {
                counts.put(new Partition(topic.getKey(), partition(each.getKey())), number(each.getValue()));
            }
        }
        return counts;
    }

    private static int partition(String text) {
        int number = Integer.parseInt(text);
        // One name for one partition: neither +1 nor 01.
        if (number < 0 || !Integer.toString(number).equals(text)) {
            throw new IllegalArgumentException("no partition: " + text);
        }
        return number;
    }
}
