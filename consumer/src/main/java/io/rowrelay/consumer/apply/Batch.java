package io.rowrelay.consumer.apply;

import java.util.ArrayList;
import java.util.List;

/** The records of one poll and how far they have come. Not thread-safe. */
final class Batch {
    private final List<ChangeEvent> events = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<Stretch> stretches;
    private boolean applied;
    private boolean remembered;
    private boolean deadLettered;

    Batch(List<Verdict> verdicts, List<Stretch> stretches) {
        this.stretches = new ArrayList<>(stretches);
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
        events.removeIf(event -> !ownership.has(event.origin().partition()));
        rejected.removeIf(refusal -> !ownership.has(refusal.origin().partition()));
        stretches.removeIf(stretch -> !ownership.has(stretch.partition()));
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

    boolean isRemembered() {
        return remembered;
    }

    void deadLettered() {
        deadLettered = true;
    }

    boolean isDeadLettered() {
        return deadLettered;
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

    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }
}
