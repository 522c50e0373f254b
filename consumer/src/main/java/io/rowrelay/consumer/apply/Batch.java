package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.apply.UnfitChange;
import io.rowrelay.stream.progress.OffsetRange;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.record.RecordAddress;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records that are applied together, and how far they have come; {@link BatchSize} says how many. They are validated by another thread, which the first question
 * about the outcome waits for. Otherwise not thread-safe.
 */
final class Batch {
    private final List<TopicRecord> records;
    private final List<OffsetRange> ranges;
    private final CompletableFuture<Validated> validation;
    private final TableKeys keys;
    private boolean applied;
    private boolean admitted;
    private boolean deadLettered;
    private boolean remembered;
    private @Nullable String stamp;
    private @Nullable List<ValidChange> waiting;

    /** Those of a table that cannot be written as it is are {@code left}. */
    private record Validated(List<ValidChange> changes, List<Rejected> rejected, List<UnfitChange> left) {
        static Validated of(List<TopicRecord> records, RecordReader reader, TableKeys keys) {
            Validated validated = new Validated(new ArrayList<>(records.size()), new ArrayList<>(), new ArrayList<>());
            for (TopicRecord record : records) {
                String topic = record.partition().topic();
                Optional<String> problem = keys.problemOf(topic);
                if (problem.isPresent()) {
                    validated.left.add(
                            new UnfitChange(new RecordAddress(record.partition(), record.offset()), problem.get()));
                    continue;
                }
                ValidatedRecord outcome = reader.read(record, keys.columnsOf(topic));
                if (outcome instanceof ValidChange change) {
                    validated.changes.add(change);
                } else if (outcome instanceof Rejected rejection) {
                    validated.rejected.add(rejection);
                }
            }
            return validated;
        }
    }

    /** Has the records validated, in the executor's time. */
    Batch(Poll poll, RecordReader reader, TableKeys keys, Executor thread) {
        this.records = new ArrayList<>(poll.records());
        this.ranges = new ArrayList<>(poll.ranges());
        this.keys = keys;
        List<TopicRecord> polled = poll.records();
        this.validation = CompletableFuture.supplyAsync(() -> Validated.of(polled, reader, keys), thread);
    }

    /** The same records, validated again by what holds now. */
    Batch again(RecordReader reader, TableKeys keys) {
        return new Batch(new Poll(records, ranges), reader, keys, Runnable::run);
    }

    private Batch(Poll poll, Validated validated, TableKeys keys, List<ValidChange> waiting) {
        this.records = new ArrayList<>(poll.records());
        this.ranges = new ArrayList<>(poll.ranges());
        this.validation = CompletableFuture.completedFuture(validated);
        this.keys = keys;
        this.waiting = waiting;
    }

    /** This batch, parts of which wait, and the next, all of which is still to be tried, as one. */
    Batch joined(Batch next) {
        List<TopicRecord> both = new ArrayList<>(records);
        both.addAll(next.records);
        Validated validated = new Validated(
                new ArrayList<>(changes()), new ArrayList<>(rejected()), new ArrayList<>(validated().left));
        validated.changes.addAll(next.changes());
        validated.rejected.addAll(next.rejected());
        validated.left.addAll(next.validated().left);
        List<ValidChange> untried = new ArrayList<>(waiting());
        untried.addAll(next.changes());
        Poll poll = new Poll(both, OffsetRange.joined(ranges, next.ranges));
        return new Batch(poll, validated, next.keys, untried);
    }

    /** All else of it was taken when it was tried; these are to be tried again before the batch is applied as a whole. */
    void waitsFor(List<ValidChange> rejected) {
        waiting = new ArrayList<>(rejected);
    }

    /** Whether it was kept open. */
    boolean hasWaited() {
        return waiting != null;
    }

    /** The changes to try again. */
    List<ValidChange> waiting() {
        return waiting == null ? List.of() : List.copyOf(waiting);
    }

    /** Whether records were rejected for their key, by columns that are the key no more. */
    boolean isValidatedByAnotherKey(KeysNow now) throws OutageException {
        Set<String> topics = validated().rejected.stream()
                .filter(rejection -> rejection.reason() == RejectionReason.KEY)
                .map(rejection -> rejection.origin().partition().topic())
                .collect(Collectors.toSet());
        if (isApplied() || topics.isEmpty()) {
            return false;
        }
        TableKeys read = now.ask(topics);
        return topics.stream().anyMatch(topic -> !read.columnsOf(topic).equals(keys.columnsOf(topic)));
    }

    /** Asks the destination for the keys of the tables of these topics. */
    @FunctionalInterface
    interface KeysNow {
        TableKeys ask(Set<String> topics) throws OutageException;
    }

    /**
     * Passes when all tables of its records can be written.
     *
     * @throws UnfitChangesException that names the first record of each partition for which that is not so
     */
    void requireTables() throws UnfitChangesException {
        Map<Partition, UnfitChange> unfit = new TreeMap<>();
        validated().left.forEach(each -> unfit.putIfAbsent(each.record().partition(), each));
        if (!unfit.isEmpty()) {
            throw new UnfitChangesException(List.copyOf(unfit.values()));
        }
    }

    /** Drops what has become another consumer's to finish. */
    void retain(ChangeStream.Ownership ownership) {
        records.removeIf(record -> !ownership.has(record.partition()));
        ranges.removeIf(range -> !ownership.has(range.partition()));
        validated().changes.removeIf(change -> !ownership.has(change.origin().partition()));
        validated()
                .rejected
                .removeIf(rejection -> !ownership.has(rejection.origin().partition()));
        validated().left.removeIf(each -> !ownership.has(each.record().partition()));
        if (waiting != null) {
            waiting.removeIf(change -> !ownership.has(change.origin().partition()));
        }
    }

    /** Drops what lies at these offsets of their partitions, or behind. */
    void cut(Map<Partition, Long> offsets) {
        Predicate<TopicRecord> isBehind =
                record -> record.offset() >= offsets.getOrDefault(record.partition(), Long.MAX_VALUE);
        records.removeIf(isBehind);
        validated().changes.removeIf(change -> isBehind.test(change.origin()));
        validated().rejected.removeIf(rejection -> isBehind.test(rejection.origin()));
        validated()
                .left
                .removeIf(each -> each.record().offset()
                        >= offsets.getOrDefault(each.record().partition(), Long.MAX_VALUE));
        if (waiting != null) {
            waiting.removeIf(change -> isBehind.test(change.origin()));
        }
        List<OffsetRange> kept = ranges.stream()
                .flatMap(range -> range.before(offsets.getOrDefault(range.partition(), Long.MAX_VALUE)).stream())
                .toList();
        ranges.clear();
        ranges.addAll(kept);
    }

    private Validated validated() {
        try {
            return validation.join();
        } catch (CompletionException failure) {
            // Reading never fails because of a record, so this is a fault of the program and ends it.
            throw new IllegalStateException("validating records failed", failure.getCause());
        }
    }

    /** {@code together} says whether the destination has remembered the ranges in the same transaction. */
    void applied(Applied outcome, boolean together) {
        applied = true;
        remembered = together;
        stamp = outcome.stamp();
        validated().rejected.addAll(outcome.rejected());
    }

    boolean isApplied() {
        return applied;
    }

    /** The rejected records may become dead letters. */
    void admitted() {
        admitted = true;
    }

    boolean isAdmitted() {
        return admitted;
    }

    void deadLettered() {
        deadLettered = true;
    }

    boolean isDeadLettered() {
        return deadLettered;
    }

    /** What tells the destination that it still has the changes; null if there is nothing to tell. */
    @Nullable
    String stamp() {
        return stamp;
    }

    boolean isRemembered() {
        return remembered;
    }

    int size() {
        return records.size();
    }

    /** About what its records take in memory. */
    long bytes() {
        return records.stream().mapToLong(TopicRecord::bytes).sum();
    }

    List<ValidChange> changes() {
        return Collections.unmodifiableList(validated().changes);
    }

    List<Rejected> rejected() {
        return List.copyOf(validated().rejected);
    }

    List<OffsetRange> ranges() {
        return List.copyOf(ranges);
    }
}
