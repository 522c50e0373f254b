package io.rowrelay.admin.doctor;

import io.rowrelay.admin.status.StreamView;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.record.DeadLetterCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether dead letters are open, or were lost.
 *
 * @param view where they are counted
 * @param topic the dead-letter topic
 */
public record OpenLetters(StreamView view, String topic) implements Check {
    private static final String DLQ = Remedy.ADMIN + "dlq ";

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public Subject subject() {
        return Subject.TOPIC;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.KAFKA, Need.DESTINATION);
    }

    @Override
    public List<Finding> look() throws OutageException, InterruptedException {
        DeadLetterCounts counts = view.deadLetters();
        List<Finding> findings = new ArrayList<>();
        if (counts.open() > 0) {
            findings.add(Finding.ill(
                    Ailment.DEAD_LETTERS,
                    counts.open() + " open in " + topic,
                    Remedy.inShell(DLQ + "list"),
                    Remedy.byHand("repair what they were rejected for, then: " + DLQ
                            + "replay; or, where that is of no use: " + DLQ + "discard")));
        }
        if (counts.lost() > 0) {
            findings.add(Finding.ill(
                    Ailment.DEAD_LETTERS_LOST,
                    counts.lost() + " lost from " + topic,
                    Remedy.inShell(Remedy.ADMIN + "verify --repair"),
                    Remedy.byHand("when the tables are equal: " + DLQ + "discard --lost")));
        }
        return findings.isEmpty() ? List.of(Finding.sound("no dead letter is open")) : findings;
    }
}
