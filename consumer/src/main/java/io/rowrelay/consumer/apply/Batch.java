package io.rowrelay.consumer.apply;

import java.util.ArrayList;
import java.util.List;

/** The records of one poll and how far they have come. Not thread-safe. */
final class Batch {
    private final List<TopicRecord> records;
    private final List<Stretch> stretches;
    private final List<ChangeEvent> events = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private boolean applied;
    private boolean admitted;
    private boolean deadLettered;
    private boolean remembered;

    /** Judges the records by themselves. */
    Batch(Poll poll, RecordReader reader, List<String> keyColumns) {
        this.records = new ArrayList<>(poll.records());
        this.stretches = new ArrayList<>(poll.stretches());
        for (TopicRecord record : records) {
            Verdict verdict = reader.read(record, keyColumns);
            if (verdict instanceof ChangeEvent event) {
                events.add(event);
            } else if (verdict instanceof Rejected refusal) {
                rejected.add(refusal);
            }
        }
    }

    /** The same records, judged anew by what holds now. */
    Batch again(RecordReader reader, List<String> keyColumns) {
        return new Batch(new Poll(records, stretches), reader, keyColumns);
    }

    /** Drops what has become another consumer's to finish. */
    void retain(ChangeStream.Ownership ownership) {
        records.removeIf(record -> !ownership.has(record.partition()));
        stretches.removeIf(stretch -> !ownership.has(stretch.partition()));
        events.removeIf(event -> !ownership.has(event.origin().partition()));
        rejected.removeIf(refusal -> !ownership.has(refusal.origin().partition()));
    }

    /** {@code together} says whether the destination has remembered the stretches in the same transaction. */
    void applied(ChangeApplier.Applied outcome, boolean together) {
        applied = true;
        remembered = together;
        rejected.addAll(outcome.rejected());
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

    boolean isRemembered() {
        return remembered;
    }

    int size() {
        return records.size();
    }

    List<ChangeEvent> events() {
        return List.copyOf(events);
    }

    List<Rejected> rejected() {
        return List.copyOf(rejected);
    }

    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }
}
