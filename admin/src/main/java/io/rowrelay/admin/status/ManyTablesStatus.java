package io.rowrelay.admin.status;

import io.rowrelay.admin.command.Ages;
import io.rowrelay.admin.command.JsonObject;
import io.rowrelay.admin.command.Part;
import io.rowrelay.admin.status.AppliedCut.PausedTable;
import io.rowrelay.admin.tables.RegisteredTable;
import io.rowrelay.stream.ApplyMode;
import io.rowrelay.stream.checkpoint.StoredCheckpoint;
import io.rowrelay.stream.jdbc.StreamLock;
import io.rowrelay.stream.record.Partition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a stream of many tables is. Figures of a server that cannot be reached are left out; the others are shown.
 *
 * @param stream which
 * @param at by the clock of this machine
 * @param tables its tables
 * @param source what waits to be published
 * @param topics where the tables' topics end
 * @param applied what the destination shows
 * @param letters how many dead letters are open, by the name of their table
 */
record ManyTablesStatus(
        String stream,
        Instant at,
        List<RegisteredTable> tables,
        Part<Published> source,
        Part<Map<Partition, Long>> topics,
        Part<Optional<AppliedCut>> applied,
        Part<Map<String, Long>> letters) {
    private static final String LINE = "%-40s %12s %14s %12s %13s";

    /**
     * What the source knows.
     *
     * @param waiting committed changes that are not published, by the name of their table
     * @param oldest the age of the oldest of them
     * @param pause who paused the stream, if anybody
     * @param producer who holds the producer's lock, if anybody
     */
    record Published(
            Map<String, Count> waiting,
            Optional<Duration> oldest,
            Optional<StoredCheckpoint.Pause> pause,
            Optional<StreamLock.Holder> producer) {
        Published {
            waiting = Map.copyOf(waiting);
        }
    }

    /** Whether all servers were seen. */
    boolean complete() {
        return source.why().isEmpty()
                && topics.why().isEmpty()
                && applied.why().isEmpty()
                && letters.why().isEmpty();
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("stream " + stream + " at " + at.truncatedTo(ChronoUnit.SECONDS) + ", " + tables.size() + " tables");
        source.why().ifPresent(why -> lines.add("source not reachable: " + why));
        topics.why().ifPresent(why -> lines.add("topics not reachable: " + why));
        applied.why().ifPresent(why -> lines.add("destination not reachable: " + why));
        letters.why().ifPresent(why -> lines.add("dead letters not readable: " + why));
        applied.seen().ifPresent(seen -> lines.add("applied       " + appliedText(seen)));
        cut().flatMap(AppliedCut::brokenSince)
                .ifPresent(since -> lines.add("BROKEN        since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + " changes are missing: the source never had this state; see dlq list"));
        paused().forEach(table -> lines.add("PAUSED        " + table.name() + " by " + table.by() + " since "
                + table.since().truncatedTo(ChronoUnit.SECONDS)
                + ": its changes are left out; see resume --table"));
        source.seen().ifPresent(seen -> {
            lines.add(
                    "producer      " + seen.producer().map(StatusText::describe).orElse("none is active"));
            seen.pause()
                    .ifPresent(pause -> lines.add("paused        by " + pause.by() + " since "
                            + pause.since().truncatedTo(ChronoUnit.SECONDS)));
            seen.oldest().ifPresent(age -> lines.add("oldest change that waits to be published: " + Ages.text(age)));
        });
        lines.add(LINE.formatted("table", "unpublished", "records", "behind", "dead letters"));
        tables.forEach(table -> lines.add(LINE.formatted(
                table.name(),
                text(waiting(table)),
                number(records(table)),
                number(behind(table)),
                number(letters(table)))));
        lines.add(LINE.formatted(
                "total",
                source.seen().isEmpty()
                        ? "?"
                        : number(sum(tables.stream().map(this::waitingNumber).toList())),
                number(sum(tables.stream().map(this::records).toList())),
                number(sum(tables.stream().map(this::behind).toList())),
                number(sum(tables.stream().map(this::letters).toList()))));
        return lines;
    }

    private String appliedText(Optional<AppliedCut> seen) {
        return seen.map(cut ->
                        cut.mode() == ApplyMode.ROWS ? "row by row, by the consumers of a group" : shownText(cut))
                .orElse("the destination does not know the stream: run init");
    }

    private String shownText(AppliedCut cut) {
        return cut.takenAt()
                .map(taken -> "window " + cut.window() + ": the source's state of "
                        + taken.truncatedTo(ChronoUnit.MILLIS) + ", " + Ages.text(age(taken)) + " ago")
                .orElse("nothing yet");
    }

    private Duration age(Instant taken) {
        Duration age = Duration.between(taken, at);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** For programs. */
    JsonObject json() {
        return new JsonObject()
                .with("stream", stream)
                .with("at", at)
                .with("complete", complete())
                .with("mode", cut().map(cut -> cut.mode().name().toLowerCase(Locale.ROOT)))
                .with(
                        "applied",
                        cut().filter(cut -> cut.mode() == ApplyMode.CUTS)
                                .map(cut -> new JsonObject()
                                        .with("window", cut.window())
                                        .with("snapshot", cut.snapshot())
                                        .with("taken_at", cut.takenAt())
                                        .with(
                                                "age_seconds",
                                                cut.takenAt()
                                                        .map(taken -> age(taken).toMillis() / 1000.0))
                                        .with("broken_since", cut.brokenSince())
                                        .with(
                                                "paused_tables",
                                                cut.paused().stream()
                                                        .map(PausedTable::name)
                                                        .toList())))
                .with("paused", source.seen().map(seen -> seen.pause().isPresent()))
                .with("producer", source.seen().flatMap(Published::producer).map(StreamLock.Holder::application))
                .with("oldest_seconds", source.seen().flatMap(Published::oldest).map(age -> age.toMillis() / 1000.0))
                .with(
                        "tables",
                        tables.stream()
                                .map(table -> new JsonObject()
                                        .with("table", table.name())
                                        .with("topic", table.topic())
                                        .with("unpublished", waitingNumber(table))
                                        .with("records", records(table))
                                        .with("behind", behind(table))
                                        .with("dead_letters", letters(table)))
                                .toList());
    }

    private Optional<AppliedCut> cut() {
        return applied.seen().flatMap(seen -> seen);
    }

    private List<PausedTable> paused() {
        return cut().map(AppliedCut::paused).orElse(List.of());
    }

    private Optional<Count> waiting(RegisteredTable table) {
        return source.seen().map(seen -> seen.waiting().getOrDefault(table.name(), Count.exact(0)));
    }

    private OptionalLong waitingNumber(RegisteredTable table) {
        return waiting(table).map(count -> OptionalLong.of(count.number())).orElse(OptionalLong.empty());
    }

    private OptionalLong records(RegisteredTable table) {
        return topics.seen().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(topics.seen().get().entrySet().stream()
                        .filter(end -> end.getKey().topic().equals(table.topic()))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    }

    private OptionalLong behind(RegisteredTable table) {
        return topics.seen().isEmpty() || cut().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(topics.seen().get().entrySet().stream()
                        .filter(end -> end.getKey().topic().equals(table.topic()))
                        .mapToLong(end -> Math.max(
                                0, end.getValue() - cut().get().nextOffsets().getOrDefault(end.getKey(), 0L)))
                        .sum());
    }

    private OptionalLong letters(RegisteredTable table) {
        return letters.seen().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(letters.seen().get().getOrDefault(table.name(), 0L));
    }

    private static OptionalLong sum(List<OptionalLong> numbers) {
        return numbers.stream().anyMatch(OptionalLong::isEmpty)
                ? OptionalLong.empty()
                : OptionalLong.of(
                        numbers.stream().mapToLong(OptionalLong::getAsLong).sum());
    }

    private static String text(Optional<Count> count) {
        return count.map(Count::toString).orElse("?");
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? String.format(Locale.ROOT, "%,d", number.getAsLong()) : "?";
    }
}
