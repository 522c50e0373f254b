package io.rowrelay.admin.status;

import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.stream.jdbc.StreamLock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A status as one JSON object; what is unknown is null. */
final class StatusJson {
    private StatusJson() {}

    static JsonObject of(StatusReport report) {
        Optional<SourceStatus> source = report.source().seen();
        Optional<TopicStatus> topic = report.topic().seen();
        JsonObject json = new JsonObject()
                .with("stream", report.stream())
                .with("at", report.at())
                .with("out_of_sight", unseen(report))
                .with(
                        "asked_at",
                        new JsonObject()
                                .with("destination", report.destination().when())
                                .with("topic", report.topic().when())
                                .with("source", report.source().when()))
                .with("captured", count(source.map(SourceStatus::captured)))
                .with("published", published(source.flatMap(SourceStatus::publishing), topic))
                .with("applied", applied(report))
                .with("dead_lettered", deadLettered(report))
                .with("unaccounted", report.lag().map(Lag::unaccounted))
                .with("producer", source.flatMap(SourceStatus::producer).map(StatusJson::producer));
        topic.ifPresent(
                found -> json.with("group", group(found.group())).with("partitions", partitions(found, report.lag())));
        return json;
    }

    private static JsonObject unseen(StatusReport report) {
        JsonObject unseen = new JsonObject();
        report.source().why().ifPresent(why -> unseen.with("source", why));
        report.topic().why().ifPresent(why -> unseen.with("topic", why));
        report.destination().why().ifPresent(why -> unseen.with("destination", why));
        report.deadLettersUncounted().ifPresent(why -> unseen.with("dead_letters", why));
        return unseen;
    }

    private static JsonObject published(Optional<SourceStatus.Publishing> publishing, Optional<TopicStatus> topic) {
        return new JsonObject()
                .with("records", topic.map(TopicStatus::records))
                .with("waiting", count(publishing.map(SourceStatus.Publishing::waiting)))
                .with("oldest_seconds", seconds(publishing.flatMap(SourceStatus.Publishing::oldestWaiting)))
                .with(
                        "paused",
                        publishing
                                .flatMap(SourceStatus.Publishing::pause)
                                .map(pause ->
                                        new JsonObject().with("by", pause.by()).with("since", pause.since())));
    }

    private static JsonObject applied(StatusReport report) {
        return new JsonObject()
                .with("records", report.applied())
                .with("waiting", report.lag().map(Lag::records))
                .with("oldest_seconds", seconds(report.oldestUnapplied()));
    }

    private static JsonObject deadLettered(StatusReport report) {
        return new JsonObject()
                .with("records", report.letters().seen().map(letters -> letters.rejected()))
                .with("open", report.letters().seen().map(letters -> letters.open()))
                .with("lost", report.letters().seen().map(letters -> letters.lost()))
                .with("kept", report.topic().seen().flatMap(TopicStatus::deadLetters));
    }

    private static JsonObject producer(StreamLock.Holder producer) {
        return new JsonObject()
                .with("pid", producer.pid())
                .with("role", producer.role())
                .with("application", producer.application())
                .with("address", producer.address())
                .with("since", producer.since());
    }

    private static JsonObject group(TopicStatus.Group group) {
        return new JsonObject()
                .with("name", group.name())
                .with("state", group.state())
                .with("members", group.members());
    }

    private static List<JsonObject> partitions(TopicStatus topic, Optional<Lag> lag) {
        return topic.partitions().stream()
                .map(partition -> partition(
                        partition,
                        lag.flatMap(behind -> behind.partitions().stream()
                                .filter(found -> found.partition().equals(partition))
                                .findFirst())))
                .toList();
    }

    private static JsonObject partition(TopicStatus.Partition partition, Optional<Lag.PartitionLag> lag) {
        return new JsonObject()
                .with("partition", partition.number())
                .with("begin", partition.begin())
                .with("end", partition.end())
                .with("applied", lag.map(Lag.PartitionLag::next))
                .with("committed", partition.committed())
                .with("waiting", lag.map(Lag.PartitionLag::records))
                .with("fit", lag.map(found -> found.fit().name().toLowerCase(Locale.ROOT)))
                .with("consumer", partition.consumer());
    }

    private static JsonObject count(Optional<Count> count) {
        return new JsonObject()
                .with("changes", count.map(Count::number))
                .with("precision", count.map(found -> found.exact() ? "exact" : "at_least"));
    }

    private static Optional<Double> seconds(Optional<Duration> age) {
        return age.map(found -> found.toMillis() / 1000.0);
    }
}
