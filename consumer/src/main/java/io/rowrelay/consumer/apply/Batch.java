package io.rowrelay.consumer.apply;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.apply.Applied;
import io.rowrelay.stream.record.RecordReader;
import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.RejectionReason;
import io.rowrelay.stream.record.TopicRecord;
import io.rowrelay.stream.record.ValidChange;
import io.rowrelay.stream.record.ValidatedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Records that are applied together, and how far they have come. They are judged by another thread, which the first question
 * about the outcome waits for. Otherwise not thread-safe.
 */
final class Batch {
    private final List<TopicRecord> records;
    private final List<Stretch> stretches;
    private final CompletableFuture<Judgement> judging;
    private final List<String> keyColumns;
    private boolean applied;
    private boolean admitted;
    private boolean deadLettered;
    private boolean remembered;
    private @Nullable String mark;
    private @Nullable List<ValidChange> waiting;

    private record Judgement(List<ValidChange> events, List<Rejected> rejected) {
        static Judgement of(List<TopicRecord> records, RecordReader reader, List<String> keyColumns) {
            Judgement judgement = new Judgement(new ArrayList<>(records.size()), new ArrayList<>());
            for (TopicRecord record : records) {
                ValidatedRecord verdict = reader.read(record, keyColumns);
                if (verdict instanceof ValidChange event) {
                    judgement.events.add(event);
                } else if (verdict instanceof Rejected refusal) {
                    judgement.rejected.add(refusal);
                }
            }
            return judgement;
        }
    }

    /** Has the records judged by themselves, in the executor's time. */
    Batch(Poll poll, RecordReader reader, List<String> keyColumns, Executor judges) {
        this.records = new ArrayList<>(poll.records());
        this.stretches = new ArrayList<>(poll.stretches());
        this.keyColumns = keyColumns;
        List<TopicRecord> judged = poll.records();
        this.judging = CompletableFuture.supplyAsync(() -> Judgement.of(judged, reader, keyColumns), judges);
    }

    /** The same records, judged anew by what holds now. */
    Batch again(RecordReader reader, List<String> keyColumns) {
        return new Batch(new Poll(records, stretches), reader, keyColumns, Runnable::run);
    }

    private Batch(Poll poll, Judgement judgement, List<String> keyColumns, List<ValidChange> waiting) {
        this.records = new ArrayList<>(poll.records());
        this.stretches = new ArrayList<>(poll.stretches());
        this.judging = CompletableFuture.completedFuture(judgement);
        this.keyColumns = keyColumns;
        this.waiting = waiting;
    }

    /** This batch, parts of which wait, and the next, all of which is still to be tried, as one. */
    Batch joined(Batch next) {
        List<TopicRecord> both = new ArrayList<>(records);
        both.addAll(next.records);
        Judgement judgement = new Judgement(new ArrayList<>(events()), new ArrayList<>(rejected()));
        judgement.events.addAll(next.events());
        judgement.rejected.addAll(next.rejected());
        List<ValidChange> untried = new ArrayList<>(waiting());
        untried.addAll(next.events());
        Poll poll = new Poll(both, Stretch.joined(stretches, next.stretches));
        return new Batch(poll, judgement, next.keyColumns, untried);
    }

    /** All else of it was taken when it was tried; these are to be tried again before the batch is applied as a whole. */
    void waitsFor(List<ValidChange> refused) {
        waiting = new ArrayList<>(refused);
    }

    /** Whether it was kept open. */
    boolean hasWaited() {
        return waiting != null;
    }

    /** What is to be tried again. */
    List<ValidChange> waiting() {
        return waiting == null ? List.of() : List.copyOf(waiting);
    }

    /** Whether records were rejected for their key, by columns that are the key no more. */
    boolean isJudgedByAnotherKey(KeyColumns now) throws OutageException {
        return !isApplied()
                && judgement().rejected.stream().anyMatch(refusal -> refusal.reason() == RejectionReason.KEY)
                && !now.ask().equals(keyColumns);
    }

    /** Asks the destination. */
    @FunctionalInterface
    interface KeyColumns {
        List<String> ask() throws OutageException;
    }

    /** Drops what has become another consumer's to finish. */
    void retain(ChangeStream.Ownership ownership) {
        records.removeIf(record -> !ownership.has(record.partition()));
        stretches.removeIf(stretch -> !ownership.has(stretch.partition()));
        judgement().events.removeIf(event -> !ownership.has(event.origin().partition()));
        judgement().rejected.removeIf(refusal -> !ownership.has(refusal.origin().partition()));
        if (waiting != null) {
            waiting.removeIf(event -> !ownership.has(event.origin().partition()));
        }
    }

    private Judgement judgement() {
        try {
            return judging.join();
        } catch (CompletionException failure) {
            // Reading never fails because of a record, so this is a fault of the program and ends it.
            throw new IllegalStateException("validating records failed", failure.getCause());
        }
    }

    /** {@code together} says whether the destination has remembered the stretches in the same transaction. */
    void applied(Applied outcome, boolean together) {
        applied = true;
        remembered = together;
        mark = outcome.stamp();
        judgement().rejected.addAll(outcome.rejected());
    }

    boolean isApplied() {
        return applied;
    }

    /** The refused records may become dead letters. */
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
    String mark() {
        return mark;
    }

    boolean isRemembered() {
        return remembered;
    }

    int size() {
        return records.size();
    }

    List<ValidChange> events() {
        return Collections.unmodifiableList(judgement().events);
    }

    List<Rejected> rejected() {
        return List.copyOf(judgement().rejected);
    }

    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }
}
