package io.rowrelay.consumer.apply;

import java.util.ArrayList;
import java.util.List;

/** The records of one poll and how far they have come. Not thread-safe. */
final class Batch {
    private final List<ChangeEvent> events = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private boolean applied;

    Batch(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            if (verdict instanceof ChangeEvent event) {
                events.add(event);
            } else if (verdict instanceof Rejected refusal) {
                rejected.add(refusal);
            }
        }
    }

    /** Drops what has become another consumer's to finish. */
    void retain(ChangeStream.Ownership ownership) {
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

    int size() {
        return events.size() + rejected.size();
    }

    List<ChangeEvent> events() {
        return List.copyOf(events);
    }

    List<Rejected> rejected() {
        return List.copyOf(rejected);
    }
}
