package io.rowrelay.consumer.apply;

import java.util.ArrayList;
import java.util.List;

/** The records of one poll and how far they have come. Not thread-safe. */
final class Batch {
    private final List<TopicRecord> records;
    private final List<ChangeEvent> events = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private boolean applied;
    private boolean admitted;

    /** Judges the records by themselves. */
    Batch(List<TopicRecord> records, RecordReader reader, List<String> keyColumns) {
        this.records = new ArrayList<>(records);
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
        return new Batch(records, reader, keyColumns);
    }

    /** Drops what has become another consumer's to finish. */
    void retain(ChangeStream.Ownership ownership) {
        records.removeIf(record -> !ownership.has(record));
        events.removeIf(event -> !ownership.has(event.origin()));
        rejected.removeIf(refusal -> !ownership.has(refusal.origin()));
    }

    void applied(ChangeApplier.Applied outcome) {
        applied = true;
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

    int size() {
        return records.size();
    }

    List<ChangeEvent> events() {
        return List.copyOf(events);
    }

    List<Rejected> rejected() {
        return List.copyOf(rejected);
    }
}
