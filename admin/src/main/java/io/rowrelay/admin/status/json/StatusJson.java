package io.rowrelay.admin.status.json;

import io.rowrelay.admin.look.Count;
import io.rowrelay.admin.look.Reckoning;
import io.rowrelay.admin.look.SourceFacts;
import io.rowrelay.admin.look.TopicFacts;
import io.rowrelay.admin.status.StatusReport;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A status as one JSON object; what is unknown is null. */
public final class StatusJson {
    private StatusJson() {}

    /** Prints it. */
    public static String of(StatusReport report) {
        ObjectNode json = object();
        json.put("stream", report.stream()).put("at", report.at().toString());
        ObjectNode unseen = json.putObject("outOfSight");
        report.source().why().ifPresent(why -> unseen.put("source", why));
        report.topic().why().ifPresent(why -> unseen.put("topic", why));
        report.destination().why().ifPresent(why -> unseen.put("destination", why));
        report.lettersUnseen().ifPresent(why -> unseen.put("deadLetters", why));
        ObjectNode asked = json.putObject("askedAt");
        asked.put(
                "destination", report.destination().when().map(Object::toString).orElse(null));
        asked.put("topic", report.topic().when().map(Object::toString).orElse(null));
        asked.put("source", report.source().when().map(Object::toString).orElse(null));
        Optional<SourceFacts> source = report.source().seen();
        Optional<TopicFacts> topic = report.topic().seen();
        count(json, "captured", source.map(SourceFacts::captured));
        publishing(json.putObject("published"), source.flatMap(SourceFacts::publishing), topic);
        applying(json.putObject("applied"), report);
        ObjectNode dead = json.putObject("deadLettered");
        Optional<DeadLetterCounts> letters = report.letters().seen();
        dead.put("records", orNull(letters.map(DeadLetterCounts::rejected)));
        dead.put("open", orNull(letters.map(DeadLetterCounts::open)));
        dead.put("lost", orNull(letters.map(DeadLetterCounts::lost)));
        dead.put("kept", orNull(topic.flatMap(TopicFacts::deadLetters).map(TopicFacts.Size::kept)));
        json.put(
                "unaccounted",
                orNull(report.reckoning().map(Reckoning::unaccounted).flatMap(StatusJson::boxed)));
        source.flatMap(SourceFacts::producer)
                .ifPresentOrElse(
                        producer -> producer(json.putObject("producer"), producer), () -> json.putNull("producer"));
        topic.ifPresent(facts -> consumers(json, facts, report.reckoning()));
        return json.toPrettyString();
    }

    private static void publishing(
            ObjectNode json, Optional<SourceFacts.Publishing> publishing, Optional<TopicFacts> topic) {
        json.put(
                "records",
                orNull(topic.map(facts -> facts.partitions().stream()
                        .mapToLong(TopicFacts.Partition::end)
                        .sum())));
        count(json, "waiting", publishing.map(SourceFacts.Publishing::waiting));
        json.put("oldestSeconds", seconds(publishing.flatMap(SourceFacts.Publishing::oldestWaiting)));
        publishing
                .flatMap(SourceFacts.Publishing::pause)
                .ifPresentOrElse(
                        pause -> json.putObject("paused")
                                .put("by", pause.by())
                                .put("since", pause.since().toString()),
                        () -> json.putNull("paused"));
    }

    private static void applying(ObjectNode json, StatusReport report) {
        json.put("records", orNull(report.applied()));
        json.put("waiting", orNull(report.reckoning().map(Reckoning::lag)));
        json.put("oldestSeconds", seconds(report.oldestUnapplied()));
    }

    private static void producer(ObjectNode json, SourceFacts.Producer producer) {
        json.put("pid", producer.pid()).put("role", producer.role()).put("application", producer.application());
        json.put("address", producer.address().orElse(null));
        json.put("since", producer.since().map(Object::toString).orElse(null));
    }

    private static void consumers(ObjectNode json, TopicFacts topic, Optional<Reckoning> reckoning) {
        json.putObject("group")
                .put("name", topic.group().name())
                .put("state", topic.group().state())
                .put("members", topic.group().members());
        ArrayNode partitions = json.putArray("partitions");
        for (TopicFacts.Partition partition : topic.partitions()) {
            ObjectNode each = partitions.addObject();
            each.put("partition", partition.number())
                    .put("begin", partition.begin())
                    .put("end", partition.end());
            Optional<Reckoning.Line> line = reckoning.flatMap(counted -> counted.partitions().stream()
                    .filter(found -> found.partition().equals(partition))
                    .findFirst());
            each.put("applied", orNull(line.map(Reckoning.Line::next).flatMap(StatusJson::boxed)));
            each.put("committed", orNull(boxed(partition.committed())));
            each.put("waiting", orNull(line.map(Reckoning.Line::lag)));
            each.put(
                    "fit",
                    line.map(found -> found.fit().name().toLowerCase(Locale.ROOT))
                            .orElse(null));
            each.put("consumer", partition.consumer().orElse(null));
        }
    }

    private static void count(ObjectNode json, String name, Optional<Count> count) {
        ObjectNode node = json.putObject(name);
        node.put("changes", orNull(count.map(Count::number)));
        node.put(
                "precision",
                count.map(found -> found.precision().name().toLowerCase(Locale.ROOT))
                        .orElse(null));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static @Nullable Double seconds(Optional<Duration> age) {
        return age.map(found -> found.toMillis() / 1000.0).orElse(null);
    }

    private static @Nullable Long orNull(Optional<Long> number) {
        return number.orElse(null);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
