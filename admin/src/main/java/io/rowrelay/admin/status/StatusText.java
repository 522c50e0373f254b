package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** A status as lines for people. */
final class StatusText {
    private static final String STAGE = "%-14s%-38s%s";
    private static final String PARTITION = "%9s %12s %12s %12s %10s  %s";
    private static final String UNKNOWN = "?";

    private final StatusReport report;
    private final List<String> lines = new ArrayList<>();

    private StatusText(StatusReport report) {
        this.report = report;
    }

    static List<String> of(StatusReport report) {
        StatusText text = new StatusText(report);
        text.heading();
        text.stages();
        text.producer();
        text.consumers();
        return List.copyOf(text.lines);
    }

    private void heading() {
        lines.add("stream " + report.stream() + " at " + report.at().truncatedTo(ChronoUnit.SECONDS)
                + report.spread()
                        .map(spread -> "; destination, topic and source were asked within " + spread.toMillis() + " ms")
                        .orElse(""));
        report.source().why().ifPresent(why -> lines.add("source not reachable: " + why));
        report.topic().why().ifPresent(why -> lines.add("topic not reachable: " + why));
        report.destination().why().ifPresent(why -> lines.add("destination not reachable: " + why));
        report.deadLettersUncounted().ifPresent(why -> lines.add("dead letters not counted: " + why));
    }

    private void stages() {
        Optional<SourceStatus> source = report.source().seen();
        Optional<TopicStatus> topic = report.topic().seen();
        Optional<Lag> lag = report.lag();
        stage("captured", source.map(facts -> facts.captured() + " changes in the change table"), "");
        stage(
                "published",
                topic.map(facts -> number(facts.records()) + " records"),
                source.map(StatusText::unpublished).orElse(""));
        stage(
                "applied",
                report.applied().map(applied -> number(applied) + " records"),
                lag.map(behind -> behind(Count.exact(behind.records()), report.oldestUnapplied(), "applied"))
                        .orElse(""));
        Optional<DeadLetterCounts> letters = report.letters().seen();
        stage(
                "dead-lettered",
                letters.map(
                        counts -> number(counts.rejected()) + " records, " + number(counts.open()) + " letters open"),
                letters.map(StatusText::openLetters).orElse(""));
        stage("unaccounted", lag.map(StatusText::unaccounted), "");
    }

    private void stage(String name, Optional<String> figure, String behind) {
        lines.add(STAGE.formatted(name, figure.orElse(UNKNOWN), behind).stripTrailing());
    }

    private static String unpublished(SourceStatus source) {
        return source.publishing()
                .map(publishing -> behind(publishing.waiting(), publishing.oldestWaiting(), "published"))
                .orElse("no producer has begun the stream yet");
    }

    private static String behind(Count waiting, Optional<Duration> oldest, String done) {
        if (waiting.number() == 0) {
            return "nothing waits to be " + done;
        }
        return waiting + " wait to be " + done
                + oldest.map(age -> ", the oldest for " + Ages.text(age)).orElse("");
    }

    private static String openLetters(DeadLetterCounts counts) {
        String lost = counts.lost() == 0 ? "" : number(counts.lost()) + " LOST from the topic: see doctor";
        String open = counts.open() == 0 ? "" : "NOT in the destination: see dlq list";
        return open + (open.isEmpty() || lost.isEmpty() ? "" : "; ") + lost;
    }

    private static String unaccounted(Lag lag) {
        OptionalLong sum = lag.unaccounted();
        if (sum.isEmpty()) {
            return UNKNOWN + ": the topic is not the one that was applied";
        }
        return number(sum.getAsLong()) + (sum.getAsLong() == 0 ? "" : " records: see doctor");
    }

    private void producer() {
        report.source().seen().ifPresent(source -> {
            lines.add("producer      "
                    + source.producer().map(StatusText::describe).orElse("none is active"));
            source.publishing()
                    .flatMap(SourceStatus.Publishing::pause)
                    .ifPresent(pause -> lines.add("paused        by " + pause.by() + " since "
                            + pause.since().truncatedTo(ChronoUnit.SECONDS)));
        });
    }

    static String describe(StreamLock.Holder producer) {
        return "pid " + producer.pid() + ", " + producer.application() + ", role " + producer.role()
                + producer.address().map(from -> ", from " + from).orElse("")
                + producer.since()
                        .map(since -> ", since " + since.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("");
    }

    private void consumers() {
        report.topic().seen().ifPresent(topic -> {
            TopicStatus.Group group = topic.group();
            lines.add("consumers     group " + group.name() + ", " + group.state() + ", members " + group.members());
            lines.add(PARTITION.formatted("partition", "published", "applied", "committed", "waiting", "consumer"));
            report.lag()
                    .ifPresentOrElse(
                            lag -> lag.partitions().forEach(this::partition),
                            () -> topic.partitions().forEach(each -> partition(each, UNKNOWN, UNKNOWN)));
        });
    }

    private void partition(Lag.PartitionLag line) {
        String fit = switch (line.fit()) {
            case FITS, DROPPED, CUT -> number(line.next());
            case REPLACED -> "other topic";
        };
        partition(line.partition(), fit, number(line.records()));
    }

    private void partition(TopicStatus.Partition partition, String applied, String waiting) {
        lines.add(PARTITION.formatted(
                partition.number(),
                number(partition.end()),
                applied,
                number(partition.committed()),
                waiting,
                partition.consumer().orElse("-")));
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? number(number.getAsLong()) : "-";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
